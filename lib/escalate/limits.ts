/** Minutes; step delays of 1 to 9000 minutes are what GoAlert takes. */
export const ACKNOWLEDGE_WITHIN_MINUTES = { min: 1, max: 9000 } as const;

/** Further pages of a level, and further starts of a chain: Grafana OnCall repeats five times at most. */
export const MAX_REPEATS = 5;

/** Characters: a state is called `Wait for <level>`, and Step Functions takes 80 for a state's name. */
export const MAX_LEVEL_NAME = 60;

/** One page is one Lambda run, which sends to all at once and must end in a minute. */
export const MAX_RECIPIENTS = 30;

/** Hours: AWS's own links of this kind (subscription confirmations) live for three days. */
export const LINK_HOURS = { min: 1, max: 72, default: 24 } as const;
