import type { ScenarioFacts } from '../scenario';

export const facts: ScenarioFacts = {
  id: 'leaked-key',
  title: 'A leaked access key',
  story:
    "An access key of 'ci-deployer' lies in a public repository. Somebody finds it, looks around, tries to make a key for the " +
    "chief executive and is refused, and makes one for 'backup-operator', to come back by when the leak is noticed.",
  attack: ['T1552.001', 'T1078.004', 'T1087.004', 'T1098.001'],
};
