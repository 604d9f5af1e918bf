import { scenario } from '../scenario';
import { attack } from './attack';
import { contained, pages, readBefore, reported, saysThatItFailed } from './expectations';
import { facts } from './facts';

export const fightingAttacker = scenario({
  facts,
  // Half a minute to two: what he undid is read for a while before it is believed.
  onlyByName: true,
  ends: 'not-proven',
  before: readBefore,
  attack: (world) => attack(world, world.company.administrator),
  contained: (world, before, view) => contained(world, world.company.administrator, before, view),
  answers: saysThatItFailed,
  pages,
  reported,
});
