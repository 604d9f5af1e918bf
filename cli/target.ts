import { InvalidArgumentError } from 'commander';
import { globalRegion, parseArn } from '../lambdas/detect/detector/entities/arn';
import type { RunbookFacts } from '../lib/model/runbook-facts';
import type { Target } from '../lib/model/plan';
import { RUNBOOKS } from '../runbooks';
import { UsageError } from './command-error';

/** @throws InvalidArgumentError where no runbook has this id. */
export function runbookArgument(id: string): RunbookFacts {
  const facts = RUNBOOKS.find((one) => one.id === id);
  if (facts) return facts;
  throw new InvalidArgumentError(`There is no such runbook; there are: ${RUNBOOKS.map((one) => one.id).join(', ')}.`);
}

/** How the resource of an ARN begins, by the kind that runbooks know. */
const BEGINS: Readonly<Record<string, string>> = { user: 'user/', role: 'role/', instance: 'instance/' };

/** The target of a runbook, from an ARN. @throws UsageError where it is none, or of another kind than the runbook contains. */
export function targetOf(runbook: RunbookFacts, arn: string): Target {
  const parsed = parseArn(arn);
  if (parsed === undefined || !/^\d{12}$/.test(parsed.account)) {
    throw new UsageError(`--target takes an ARN with an account, such as ${example(runbook)}; got '${arn}'`);
  }
  const begin = BEGINS[runbook.target];
  if (begin !== undefined && !parsed.resource.startsWith(begin)) {
    throw new UsageError(
      `runbook '${runbook.id}' is for the kind '${runbook.target}', such as ${example(runbook)}; got '${arn}'`,
    );
  }
  const region = parsed.region === '' ? globalRegion(parsed.partition) : parsed.region;
  return { kind: runbook.target, id: arn, account: parsed.account, region };
}

function example(runbook: RunbookFacts): string {
  return runbook.target === 'instance'
    ? 'arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef0'
    : `arn:aws:iam::111122223333:${runbook.target}/name`;
}
