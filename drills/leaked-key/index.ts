import { scenario } from '../scenario';
import { attack, type Roles } from './attack';
import { contained, readBefore } from './expectations';
import { facts } from './facts';
import type { Company } from '../company';

const cast = ({ ciDeployer, backupOperator, chiefExecutive }: Company): Roles => ({
  leaked: ciDeployer,
  backDoor: backupOperator,
  refused: chiefExecutive,
});

export const leakedKey = scenario({
  facts,
  before: (world) => readBefore(world, cast(world.company)),
  attack: (world) => attack(world, cast(world.company)),
  contained: (world, before, view) => contained(world, cast(world.company), before, view),
});
