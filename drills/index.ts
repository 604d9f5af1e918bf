import { compromisedInstance } from './compromised-instance';
import { fightingAttacker } from './fighting-attacker';
import { leakedKey } from './leaked-key';
import type { Scenario } from './scenario';

/** Every scenario, one line each. */
export const SCENARIOS: readonly Scenario[] = [leakedKey, compromisedInstance, fightingAttacker];

/** What is played where no scenario is named. */
export const USUAL_SCENARIOS: readonly Scenario[] = SCENARIOS.filter(({ onlyByName = false }) => !onlyByName);
