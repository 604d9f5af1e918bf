import { describe, expect, test } from '@jest/globals';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { edges, keyOf, problemsOf } from './edges';
import { resourcesOf, sampleApp, sampleStack, type Resource } from './sample-stack';

const resources = resourcesOf(sampleStack(sampleApp()).stack);

const problems = (of: ReadonlyMap<string, Resource>) => edges(of).flatMap((edge) => problemsOf(of, edge));

/** The template with its key policy changed. */
function withKeyPolicy(change: (statements: Record<string, unknown>[]) => unknown): ReadonlyMap<string, Resource> {
  const copy = structuredClone(Object.fromEntries(resources)) as Record<string, Resource>;
  for (const { Type, Properties } of Object.values(copy)) {
    if (Type !== 'AWS::KMS::Key') continue;
    const policy = Properties?.['KeyPolicy'] as { Statement: unknown };
    policy.Statement = change(policy.Statement as Record<string, unknown>[]);
  }
  return new Map(Object.entries(copy));
}

const isFor = (service: string) => (statement: Record<string, unknown>) =>
  JSON.stringify(statement['Principal']).includes(service);

describe('from services to encrypted resources', () => {
  test('every edge delivers, for this account only', () => {
    expect(problems(resources)).toEqual([]);
  });

  test('these are the edges', () => {
    const table = new Map<string, number>();
    for (const edge of edges(resources)) {
      const target = resources.get(edge.to);
      const key = target && keyOf(target);
      const line = `${edge.service ?? 'a role of ours'} | ${edge.how} | ${target?.Type ?? ''} | ${key === undefined ? "the service's own key" : 'customer key'}`;
      table.set(line, (table.get(line) ?? 0) + 1);
    }
    console.log(
      [...table]
        .map(([line, count]) => `${count} x ${line}`)
        .sort()
        .join('\n'),
    );
    expect([...table.keys()].sort()).toEqual([
      "a role of ours | dead letters | AWS::SQS::Queue | the service's own key",
      'a role of ours | state | AWS::SNS::Topic | customer key',
      'cloudwatch.amazonaws.com | alarm | AWS::SNS::Topic | customer key',
      "events.amazonaws.com | dead letters | AWS::SQS::Queue | the service's own key",
      'events.amazonaws.com | target | AWS::SNS::Topic | customer key',
      "events.amazonaws.com | target | AWS::SQS::Queue | the service's own key",
      "logging.s3.amazonaws.com | access logs | AWS::S3::Bucket | the service's own key",
      "sns.amazonaws.com | dead letters | AWS::SQS::Queue | the service's own key",
    ]);
  });

  test.each(['cloudwatch.amazonaws.com', 'events.amazonaws.com'])('notices that %s may not use the key', (service) => {
    const without = withKeyPolicy((statements) => statements.filter((statement) => !isFor(service)(statement)));
    expect(problems(without)).toContainEqual(expect.stringContaining('does not let it use'));
  });

  test('notices a statement without a condition', () => {
    const open = withKeyPolicy((statements) => statements.map((statement) => ({ ...statement, Condition: undefined })));
    expect(problems(open)).toContainEqual(expect.stringContaining('for anybody'));
  });

  test('notices a condition that EventBridge never meets', () => {
    const Condition = { StringEquals: { 'aws:SourceAccount': '111122223333' } };
    const wrong = withKeyPolicy((statements) =>
      statements.map((statement) => (isFor('events.')(statement) ? { ...statement, Condition } : statement)),
    );
    expect(problems(wrong)).toContainEqual(expect.stringContaining('never holds'));
  });

  test('notices an alarm on a topic whose key nobody was let use', () => {
    const { stack, firebreak } = sampleStack(sampleApp());
    const topic = new Topic(stack, 'Silent', { masterKey: new Key(stack, 'OtherKey') });
    firebreak.escalation.chains[0]?.exhaustedAlarm.addAlarmAction(new SnsAction(topic));
    expect(problems(resourcesOf(stack))).toEqual([
      expect.stringContaining('no policy lets it in'),
      expect.stringContaining('does not let it use'),
    ]);
  });
});
