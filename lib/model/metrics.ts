/** CloudWatch namespace of what the escalate stage counts by itself. */
export const ESCALATION_METRICS = 'Firebreak/Escalation';
/** Dimension `Chain`. */
export const LEVELS_UNANSWERED = 'LevelsUnanswered';
