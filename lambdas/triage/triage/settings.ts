import type { TriageSettings } from '../../../lib/model/triage-settings';

/** In a bundle this file is replaced by the one that the stack wrote. */
export const settings: TriageSettings = {
  plans: [],
  defaultChain: 'none',
  windowMinutes: 60,
  targetKinds: {},
  assets: [],
  suppressions: [],
  stagedRules: [],
  repeatsThatRaise: 0,
};
