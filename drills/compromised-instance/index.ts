import { scenario } from '../scenario';
import { attack } from './attack';
import { contained, readBefore, released } from './expectations';
import { facts } from './facts';

export const compromisedInstance = scenario({
  facts,
  before: readBefore,
  attack,
  contained,
  release: { runbook: 'isolate-instance', released },
});
