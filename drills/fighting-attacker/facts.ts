import type { ScenarioFacts } from '../scenario';

export const facts: ScenarioFacts = {
  id: 'fighting-attacker',
  title: 'An attacker who fights back',
  story:
    "The key of 'site-admin' leaked. Whoever found it makes himself administrator, and stays at the keyboard: whatever is taken " +
    'away from him he takes back, as fast as he can. No service control policy guards this account, so that he wins; what must ' +
    'be true is that each of his moves is found and answered, and that nobody is told that it is contained.',
  attack: ['T1078.004', 'T1098.001', 'T1098.003'],
};
