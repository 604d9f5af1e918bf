import { describe, expect, test } from '@jest/globals';
import { App, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildStack } from '../../config/build-stack';
import { loadConfiguration } from '../../config/load';
import { CostEstimate } from '../../lib';
import { packageRoot } from '../../local/paths';
import { largeCompany } from '../stack/cloudformation/templates';
import { everyRunbook, REGION, sampleApp, sampleStack } from '../stack/sample-stack';

/** What the CDK says of a stack at synth. */
function saidOf(stack: Stack): string {
  const [said] = Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('^costs about'));
  return typeof said?.entry.data === 'string' ? said.entry.data : 'nothing';
}

/** Figure and count of a line: 'alarms 2.20 (22)'. */
const line = (said: string, what: string): (string | undefined)[] =>
  [...(new RegExp(`${what} ([\\d.]+) \\((\\d+)\\)`).exec(said) ?? [])].slice(1);

function empty(add: (stack: Stack) => void): string {
  const stack = new Stack(new App(), 'Own');
  add(stack);
  CostEstimate.show(stack);
  return saidOf(stack);
}

describe('the estimate at synth', () => {
  test('knows every resource that Firebreak makes, and counts them as the template does', () => {
    const { stack } = sampleStack(sampleApp(), 'Sample', REGION, everyRunbook);
    CostEstimate.show(stack);
    const said = saidOf(stack);
    const count = (type: string) => String(Object.keys(Template.fromStack(stack).findResources(type)).length);

    expect(said).not.toContain('No price is known');
    expect(line(said, 'alarms')[1]).toBe(count('AWS::CloudWatch::Alarm'));
    expect(line(said, 'keys')).toEqual(['1.00', count('AWS::KMS::Key')]);
    expect(line(said, 'dashboards')).toEqual(['3.00', count('AWS::CloudWatch::Dashboard')]);
  });

  test('is told of the stack of a large company, and knows what is in it', () => {
    const said = saidOf(Stack.of(largeCompany().node.findChild('Firebreak')));
    expect(said).toMatch(/^costs about \d+\.\d\d USD a month while nothing happens: .*us-east-1/);
    expect(said).not.toContain('No price is known');
  });

  test('is what the README says of firebreak.yaml as it comes', () => {
    const file = join(packageRoot(), 'firebreak.yaml');
    const said = saidOf(buildStack(new App(), loadConfiguration(file), file));
    const readme = readFileSync(join(packageRoot(), 'README.md'), 'utf8');
    expect(readme).toContain(`about ${/about ([\d.]+) USD/.exec(said)?.[1] ?? '?'} USD a month`);
  });

  test('is nothing for an empty stack', () => {
    expect(empty(() => undefined)).toMatch(/^costs about 0\.00 USD a month while nothing happens\. /);
  });

  test('names what it knows no price of', () => {
    const said = empty((stack) => {
      for (const id of ['A', 'B']) new CfnResource(stack, id, { type: 'AWS::RDS::DBInstance' });
      new Rule(stack, 'Nightly', { schedule: Schedule.cron({ hour: '3' }) });
    });
    expect(said).toContain(
      "No price is known for AWS::RDS::DBInstance (2), AWS::Events::Rule with 'cron(* 3 * * ? *)' (1).",
    );
  });

  test('counts each metric of an alarm, and each custom metric once', () => {
    const metric = (metricName: string, namespace = 'Shop') => new Metric({ namespace, metricName });
    const alarm = (stack: Stack, id: string, of: Metric | MathExpression) =>
      new Alarm(stack, id, { metric: of, threshold: 1, evaluationPeriods: 1 });
    const said = empty((stack) => {
      const usingMetrics = { a: metric('Orders'), b: metric('Errors', 'AWS/Lambda') };
      alarm(stack, 'Ratio', new MathExpression({ expression: 'b / a', usingMetrics }));
      alarm(stack, 'Orders', metric('Orders'));
      alarm(stack, 'Fast', metric('Orders').with({ period: Duration.seconds(10) }));
    });
    expect(line(said, 'alarms')).toEqual(['0.60', '3']);
    expect(line(said, 'custom metrics')).toEqual(['0.30', '1']);
  });

  test('counts what polls a queue, here or elsewhere, and not what reads a stream', () => {
    const mapping = (stack: Stack, id: string, eventSourceArn: string) =>
      new CfnEventSourceMapping(stack, id, { functionName: 'shop', eventSourceArn });
    const said = empty((stack) => {
      const queue = new CfnResource(stack, 'Queue', { type: 'AWS::SQS::Queue' });
      const table = new CfnResource(stack, 'Table', { type: 'AWS::DynamoDB::Table' });
      mapping(stack, 'Here', queue.getAtt('Arn').toString());
      mapping(stack, 'Elsewhere', 'arn:aws:sqs:us-east-1:111122223333:orders');
      mapping(stack, 'Stream', table.getAtt('StreamArn').toString());
    });
    // 657,000 requests each, at 0.40 USD a million.
    expect(line(said, 'queues that are polled')).toEqual(['0.53', '2']);
  });

  test('leaves out what is in another stack below it', () => {
    expect(empty((stack) => new Key(new Stack(stack, 'Below'), 'Key'))).not.toContain('keys');
  });
});
