import { describe, expect, test } from '@jest/globals';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { RUNBOOKS } from '../../runbooks';
import { everyRunbook, ofType, REGION, resourcesOf, sampleApp, sampleStack, type Resource } from './sample-stack';

/** Ours; CloudFormation takes 500. Leaves room for the resources of whoever puts Firebreak into a stack of theirs. */
const MAX_RESOURCES = 370;
/** Three functions and two machines with a role each, two roles to run with, and a log group. */
const RESOURCES_A_RUNBOOK = 14;
/** What records a baseline: function, role, logs, queue, rule, and what lets each call the next. */
const RESOURCES_A_RECORDER = 9;
/** The rule about executions that ended badly, and its right to call the auditor; one for each ten machines. */
const ENDED_RULE = 2;
/** IAM: inline policies of a role together, and one managed policy. White space is not counted. */
const MAX_INLINE = 10_240;
const MAX_MANAGED = 6_144;
/** Lambda: names and values of a function's environment. */
const MAX_ENVIRONMENT = 4_096;
/** EventBridge. */
const MAX_PATTERN = 2_048;
/**
 * Wildcards for one field of a pattern. EventBridge weighs how many can be alive at once and does not say how many are too complex;
 * three such as ours have been taken elsewhere, and four refused.
 */
const MAX_WILDCARDS = 2;
/** SQS: bytes and statements of a queue's policy. */
const MAX_QUEUE_POLICY = 8_192;
const MAX_QUEUE_STATEMENTS = 20;
/** Step Functions: 1 MB. */
const MAX_DEFINITION = 1_048_576;

/** With every runbook that there is. */
const full = (context: Readonly<Record<string, unknown>> = {}) =>
  resourcesOf(sampleStack(sampleApp(context), 'Sample', REGION, everyRunbook).stack);
const resources = full();
const all = (type: string) => ofType(resources, type);

/** Length of a value when it is deployed: each reference as long as an ARN may be here. */
function deployedLength(value: unknown): number {
  return JSON.stringify(fill(value)).length;
}

function fill(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(fill);
  const { 'Fn::Join': join } = value as { 'Fn::Join'?: [string, unknown[]] };
  if (join) return join[1].map((part) => String(fill(part))).join(join[0]);
  const keys = Object.keys(value);
  if (keys.length === 1 && (keys[0] === 'Ref' || keys[0]?.startsWith('Fn::'))) {
    // A name of 64 characters, and before it what an ARN of Step Functions has.
    const ref = (value as { Ref?: string }).Ref;
    if (ref === 'AWS::Partition') return 'aws-us-gov';
    return `arn:aws:states:ap-southeast-1:111122223333:stateMachine:${'x'.repeat(64)}`;
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fill(entry)]));
}

/** Prints how much of a budget is taken, and fails where it is too much. */
function within(what: string, budget: number, used: readonly (readonly [string, number])[]): void {
  const [name, most] = [...used].sort(([, a], [, b]) => b - a)[0] ?? ['none', 0];
  console.log(`${what}: at most ${most} of ${budget} (${name}; ${used.length} looked at)`);
  expect(used.length).toBeGreaterThan(0);
  expect(used.filter(([, size]) => size > budget)).toEqual([]);
}

/** Characters of inline policy by role. */
function inlinePolicies(of: typeof resources): Map<string, number> {
  const sizes = new Map<string, number>();
  const add = (role: string, document: unknown) => sizes.set(role, (sizes.get(role) ?? 0) + deployedLength(document));
  for (const [, { Properties }] of ofType(of, 'AWS::IAM::Policy')) {
    for (const role of Properties?.['Roles'] as { Ref: string }[]) add(role.Ref, Properties?.['PolicyDocument']);
  }
  for (const [id, { Properties }] of ofType(of, 'AWS::IAM::Role')) {
    expect([id, Properties?.['ManagedPolicyArns']]).toEqual([id, undefined]);
    for (const policy of (Properties?.['Policies'] ?? []) as { PolicyDocument: unknown }[]) {
      add(id, policy.PolicyDocument);
    }
  }
  return sizes;
}

describe('budgets', () => {
  test(`fewer than ${MAX_RESOURCES} resources`, () => {
    console.log(`${resources.size} resources of ${MAX_RESOURCES}, with ${RUNBOOKS.length} runbooks`);
    expect(resources.size).toBeLessThan(MAX_RESOURCES);
  });

  test(`a runbook takes no more than ${RESOURCES_A_RUNBOOK} resources`, () => {
    const none = resourcesOf(sampleStack(sampleApp(), 'Sample', REGION, () => []).stack);
    const recorders = RUNBOOKS.filter((facts: RunbookFacts) => facts.recording !== undefined).length;
    const own = resources.size - none.size - ENDED_RULE - recorders * RESOURCES_A_RECORDER;
    const perRunbook = own / RUNBOOKS.length;
    const rules = (machines: number) => Math.ceil(machines / 10) * ENDED_RULE;
    console.log(`${perRunbook} resources a runbook; ${none.size + rules(18) + 9 * perRunbook} with nine`);
    expect(perRunbook).toBeLessThanOrEqual(RESOURCES_A_RUNBOOK);
  });

  test.each([
    ['as our cdk.json has it', true],
    ['in an app that does not merge statements', false],
  ])('inline policies of each role, %s', (where, minimize) => {
    const here = minimize ? resources : full({ '@aws-cdk/aws-iam:minimizePolicies': false });
    within(`inline policy (${where})`, MAX_INLINE, [...inlinePolicies(here)]);
  });

  test('managed policies', () => {
    within(
      'managed policy',
      MAX_MANAGED,
      all('AWS::IAM::ManagedPolicy').map(([id, { Properties }]) => [
        id,
        deployedLength(Properties?.['PolicyDocument']),
      ]),
    );
  });

  test('environment of each function', () => {
    within(
      'environment',
      MAX_ENVIRONMENT,
      all('AWS::Lambda::Function').map(([id, { Properties }]) => {
        const { Variables } = (Properties?.['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
        const lengths = Object.entries(Variables ?? {}).map(([name, value]) => name.length + deployedLength(value));
        return [id, lengths.reduce((sum, length) => sum + length, 0)];
      }),
    );
  });

  test('event patterns', () => {
    within(
      'event pattern',
      MAX_PATTERN,
      all('AWS::Events::Rule').map(([id, { Properties }]) => [id, deployedLength(Properties?.['EventPattern'] ?? {})]),
    );
  });

  test('wildcards of each field of event patterns', () => {
    within(
      'wildcards of a field',
      MAX_WILDCARDS,
      all('AWS::Events::Rule').map(([id, { Properties }]) => [id, mostWildcards(Properties?.['EventPattern'] ?? {})]),
    );
    expect(mostWildcards({ detail: { name: [{ wildcard: '*a' }, { prefix: 'b' }, { wildcard: 'c*' }] } })).toBe(2);
  });

  test('policies of queues', () => {
    const policies = all('AWS::SQS::QueuePolicy').map(([id, { Properties }]) => {
      return [id, Properties?.['PolicyDocument'] as { Statement: unknown[] }] as const;
    });
    within(
      'statements of a queue',
      MAX_QUEUE_STATEMENTS,
      policies.map(([id, { Statement }]) => [id, Statement.length]),
    );
    within(
      'policy of a queue',
      MAX_QUEUE_POLICY,
      policies.map(([id, document]) => [id, deployedLength(document)]),
    );
  });

  test('definitions of state machines', () => {
    within(
      'state machine',
      MAX_DEFINITION,
      all('AWS::StepFunctions::StateMachine').map(([id, { Properties }]) => [
        id,
        deployedLength(Properties?.['DefinitionString']),
      ]),
    );
  });

  test('every log group forgets', () => {
    const groups = all('AWS::Logs::LogGroup');
    expect(groups.length).toBeGreaterThan(0);
    expect(groups.filter(([, { Properties }]) => typeof Properties?.['RetentionInDays'] !== 'number')).toEqual([]);
  });

  test('every function and machine writes to a log group of ours', () => {
    const unlogged = all('AWS::Lambda::Function').filter(([, { Properties }]) => {
      const { LogGroup } = (Properties?.['LoggingConfig'] ?? {}) as { LogGroup?: { Ref?: string } };
      return LogGroup?.Ref === undefined || !resources.has(LogGroup.Ref);
    });
    expect(unlogged).toEqual([]);
    const machines = all('AWS::StepFunctions::StateMachine').filter(([, { Properties }]) => {
      const logging = Properties?.['LoggingConfiguration'] as { Level?: string; IncludeExecutionData?: boolean };
      return logging.Level !== 'ALL' || logging.IncludeExecutionData !== false;
    });
    expect(machines).toEqual([]);
  });

  test('no log group of a machine takes a line of the policy that the account has for all of them', () => {
    const machines = all('AWS::StepFunctions::StateMachine');
    const groups = machines.map(([, { Properties }]) => {
      const arn = JSON.stringify(Properties?.['LoggingConfiguration']);
      const [id = ''] = all('AWS::Logs::LogGroup').find(([name]) => arn.includes(`"${name}"`)) ?? [];
      return String(resources.get(id)?.Properties?.['LogGroupName']);
    });
    expect(groups.filter((name) => !/^\/aws\/vendedlogs\/states\/Sample\/\S+$/.test(name))).toEqual([]);
    expect(new Set(groups).size).toBeLessThan(machines.length);
  });

  test('no metric has a dimension for each rule or incident', () => {
    const dimensions = all('AWS::CloudWatch::Alarm').flatMap(([, alarm]) => dimensionNames(alarm));
    const known = ['Chain', 'FunctionName', 'QueueName', 'Stack', 'StateMachineArn', 'TopicName'];
    expect([...new Set(dimensions)].filter((name) => !known.includes(name))).toEqual([]);
  });
});

/** In one list of alternatives, wherever it stands. */
function mostWildcards(pattern: unknown): number {
  if (typeof pattern !== 'object' || pattern === null) return 0;
  const here = Array.isArray(pattern)
    ? pattern.filter((entry) => typeof entry === 'object' && entry !== null && 'wildcard' in entry).length
    : 0;
  return Math.max(here, ...Object.values(pattern).map(mostWildcards));
}

function dimensionNames({ Properties }: Resource): string[] {
  const { Dimensions = [], Metrics = [] } = (Properties ?? {}) as {
    Dimensions?: { Name: string }[];
    Metrics?: { MetricStat?: { Metric: { Dimensions?: { Name: string }[] } } }[];
  };
  const nested = Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.Dimensions ?? []);
  return [...Dimensions, ...nested].map(({ Name }) => Name);
}
