import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';

/** Where logging is read: by a runbook, or by the function that records the baseline. */
export type Where = Pick<ActionContext, 'aws' | 'target'>;
