import type { ScenarioFacts } from '../scenario';

export const facts: ScenarioFacts = {
  id: 'compromised-instance',
  title: 'A compromised web server',
  story:
    'Somebody gets into a web server through a hole in its application, takes the credentials of its role out of the metadata ' +
    'service, tries what they may do, and joins the server to the Tor network, which GuardDuty notices.',
  attack: ['T1190', 'T1552.005', 'T1078.004', 'T1580', 'T1090.003'],
};
