export { compileFilterPattern, matchesPattern } from './compile';
export { parseFilterPattern } from './parse';
export { FilterPatternError } from './pattern-error';
export { MAX_PATTERN_LENGTH, MAX_REGEXES, MAX_WILDCARDS, MAX_WILDCARDS_PER_SELECTOR } from './syntax';
export type { FilterPatternSyntax, JsonCondition, Operand, Selector, Term } from './syntax';
