export { compileRules, type Compiled, type RuleFile } from './compile';
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
