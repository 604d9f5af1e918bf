/** CloudWatch namespace of what the escalate stage counts by itself. */
export const ESCALATION_METRICS = 'Firebreak/Escalation';
/** Dimension `Chain`. */
export const LEVELS_UNANSWERED = 'LevelsUnanswered';
/** Of the auditor, dimension `Stack`: open incidents whose chain does not advance. */
export const STALLED = 'StalledEscalations';
/** Open incidents that nobody answered at any level. */
export const UNANSWERED = 'UnansweredIncidents';
/** Topics of which nobody would hear. */
export const DEAF_TOPICS = 'DeafTopics';
/** 1 with each run. */
export const AUDITOR_RAN = 'AuditorRan';

/** CloudWatch namespace of what concerns the whole chain. */
export const METRICS = 'Firebreak';
/** Of the canary, dimension `Stack`: 1 for each that came all the way. */
export const CANARY_PASSED = 'CanaryPassed';
/** How long it took, from the call to the publisher's event. */
export const CANARY_SECONDS = 'CanarySeconds';
