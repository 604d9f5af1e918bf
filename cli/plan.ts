import { Option, type Command } from 'commander';
import { explainPlan, type PlanExplainOptions } from './plan/explain';
import type { Io } from './io';
import { withJson } from './options';

/** `firebreak plan …`: what triage would decide, without a deployed stack. */
export function registerPlan(program: Command, io: Io): void {
  const plan = program.command('plan').description('what triage would decide about an alert, without a deployed stack');
  withJson(
    plan
      .command('explain')
      .description('which response plan answers an alert, why, and why the others do not')
      .argument('<alert>', "a file with one alert as JSON, or '-' for standard input")
      .addOption(new Option('--config <file>', 'the configuration').default('firebreak.yaml')),
  ).action((alert: string, options: PlanExplainOptions) => {
    explainPlan(io, alert, options);
  });
}
