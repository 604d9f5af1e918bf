import { InvalidArgumentError } from 'commander';
import { globalRegion, parseArn } from '../lambdas/detect/detector/entities/arn';
import type { EntityKind } from '../lib/model/entity';
import type { RunbookFacts } from '../lib/model/runbook-facts';
import type { Target } from '../lib/model/plan';
import { RUNBOOKS } from '../runbooks';
import { UsageError } from './command-error';
import type { DeployedStack } from './deployed-stack';

/** @throws InvalidArgumentError where no runbook has this id. */
export function runbookArgument(id: string): RunbookFacts {
  const facts = RUNBOOKS.find((one) => one.id === id);
  if (facts) return facts;
  throw new InvalidArgumentError(`There is no such runbook; there are: ${RUNBOOKS.map((one) => one.id).join(', ')}.`);
}

interface Kind {
  /** What people write; the guard rails look closer. */
  readonly shape: RegExp;
  readonly example: string;
}

/** Kinds that runbooks contain. ARNs of buckets, and of EC2's snapshots and images, have no account. */
const KINDS: Partial<Record<EntityKind, Kind>> = {
  user: { shape: /^arn:[^:]+:iam::\d{12}:user\/./, example: 'arn:aws:iam::111122223333:user/name' },
  role: { shape: /^arn:[^:]+:iam::\d{12}:role\/./, example: 'arn:aws:iam::111122223333:role/name' },
  instance: {
    shape: /^arn:[^:]+:ec2:[^:]+:\d{12}:instance\/./,
    example: 'arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef0',
  },
  'security-group': {
    shape: /^arn:[^:]+:ec2:[^:]+:\d{12}:security-group\/./,
    example: 'arn:aws:ec2:eu-central-1:111122223333:security-group/sg-0123456789abcdef0',
  },
  bucket: { shape: /^arn:[^:]+:s3:::[^/]+$/, example: 'arn:aws:s3:::bucket' },
  function: {
    shape: /^arn:[^:]+:lambda:[^:]+:\d{12}:function:./,
    example: 'arn:aws:lambda:eu-central-1:111122223333:function:name',
  },
  snapshot: {
    shape: /^arn:[^:]+:(?:ec2:[^:]+::(?:snapshot|image)\/|rds:[^:]+:\d{12}:(?:cluster-)?snapshot:)./,
    example: 'arn:aws:ec2:eu-central-1::snapshot/snap-0123456789abcdef0',
  },
  account: { shape: /^\d{12}$/, example: '111122223333' },
};

/** A target as a person named it, checked before anything is asked. */
export interface NamedTarget {
  readonly kind: EntityKind;
  readonly id: string;
}

/** @throws UsageError where it is nothing that this runbook contains. */
export function namedTarget(runbook: RunbookFacts, text: string): NamedTarget {
  const kind = KINDS[runbook.target];
  if (!kind) throw new Error(`the command line does not know the kind '${runbook.target}' of '${runbook.id}'`);
  if (kind.shape.test(text)) return { kind: runbook.target, id: text };
  throw new UsageError(
    `--target: runbook '${runbook.id}' is for the kind '${runbook.target}', such as ${kind.example}; got '${text}'`,
  );
}

/** What the name leaves open, an account or a Region, is that of the stack, which contains nowhere else. */
export function targetIn(stack: DeployedStack, { kind, id }: NamedTarget): Target {
  const arn = parseArn(id);
  const global = arn?.service === 'iam' ? globalRegion(arn.partition) : '';
  return {
    kind,
    id,
    account: arn?.account || (kind === 'account' ? id : stack.place.account),
    region: arn?.region || global || stack.place.region,
  };
}
