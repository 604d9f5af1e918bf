import type { Command } from 'commander';
import type { Io } from './io';
import { registerRunbookList } from './runbook/list';
import { registerPlan } from './runbook/plan';
import { registerRelease } from './runbook/release';
import { registerRun } from './runbook/run';

/** `firebreak runbook …`: what can be contained, what it would change, and taking it back. */
export function registerRunbook(program: Command, io: Io): void {
  const runbook = program.command('runbook').description('the catalogue of runbooks, plans and releases');
  registerRunbookList(runbook, io);
  registerPlan(runbook, io);
  registerRun(runbook, io);
  registerRelease(runbook, io);
}
