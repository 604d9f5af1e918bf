export { compileRules, type Compiled, type RuleFile } from './compile';
export { compileFilterPattern, FilterPatternError, matchesPattern } from './filter-pattern';
export { match, Matcher, type Match } from './matcher';
export { MODIFIERS, type Modifier } from './modifiers';
export { OPERATORS, type Operator } from './operators';
export { formatProblem, type Problem } from './problems';
export {
  emitProgram,
  PROGRAM_VERSION,
  type CompiledRule,
  type Condition,
  type Logsource,
  type OperandValue,
  type Program,
} from './compiled-rules';
export { Correlator, type CorrelationMatch, type Subject } from './correlation/correlator';
export { MemoryCorrelationState } from './correlation/memory';
export {
  MAX_ENTRIES_PER_GROUP,
  MAX_GROUPS,
  type CorrelationState,
  type Entry as CorrelationEntry,
  type View as CorrelationView,
} from './correlation/state';
export {
  CORRELATION_TYPES,
  type CompiledCorrelation,
  type CorrelatedField,
  type CorrelationType,
} from './compiled-rules';
export { explainRules, type Explained, type ExplainedRule } from './explain-rule';
export { eventBridgeDetail, logFilterPatterns, type LogGroupLimits } from './prefilter';
