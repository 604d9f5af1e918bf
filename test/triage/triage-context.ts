import type { TriageContext } from '../../lambdas/triage/triage/triage-context';
import type { TriageSettings } from '../../lib/model/triage-settings';
import { ACCOUNT } from '../samples/alert';

/** Triage of a stack of which a test says only what it is about. */
export function triageContext(
  settings: Partial<TriageSettings> = {},
  now = new Date('2026-11-21T03:00:05Z'),
): TriageContext {
  return {
    settings: {
      plans: [],
      defaultChain: 'default',
      windowMinutes: 60,
      targetKinds: {},
      assets: [],
      suppressions: [],
      stagedRules: [],
      repeatsThatRaise: 20,
      ...settings,
    },
    homeAccount: ACCOUNT,
    now,
  };
}
