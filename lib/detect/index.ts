export * from './detector';
export * from './log-source';
export * from './rule-set';
