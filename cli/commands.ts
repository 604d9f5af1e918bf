import type { Command } from 'commander';
import { registerDoctor } from './doctor';
import { registerDrill } from './drill';
import { registerHunt } from './hunt';
import { registerIncident } from './incident';
import type { Io } from './io';
import { registerLocal } from './local';
import { registerPattern } from './pattern';
import { registerPlan } from './plan';
import { registerPause } from './pause';
import { registerResume } from './resume';
import { registerRules } from './rules';
import { registerRunbook } from './runbook';

/** In the order in which `firebreak --help` tells of them. */
export const COMMANDS: readonly ((program: Command, io: Io) => void)[] = [
  registerDrill,
  registerHunt,
  registerIncident,
  registerPlan,
  registerRunbook,
  registerPause,
  registerResume,
  registerDoctor,
  registerRules,
  registerPattern,
  registerLocal,
];
