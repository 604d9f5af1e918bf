import { compromisedInstance } from './compromised-instance';
import { leakedKey } from './leaked-key';
import type { Scenario } from './scenario';

/** Every scenario, one line each. */
export const SCENARIOS: readonly Scenario[] = [leakedKey, compromisedInstance];
