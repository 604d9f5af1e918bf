export { eventBridgeDetail, MAX_EVENT_PATTERN } from './event-pattern';
export { FLAG_FIELDS, TEXT_FIELDS, VERBS, type TextField } from './facts';
export { logFilterPatterns, type LogGroupLimits } from './log-filter';
