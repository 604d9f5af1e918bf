import { describe, expect, test } from '@jest/globals';
import { App, Aspects, CfnResource, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, AnomalyDetectionAlarm, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
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
    const company = largeCompany();
    const said = saidOf(Stack.of(company.node.findChild('Firebreak')));
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
      new Table(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    });
    expect(said).toContain(
      "No price is known for AWS::RDS::DBInstance (2), AWS::Events::Rule with 'cron(* 3 * * ? *)' (1), AWS::DynamoDB::Table with provisioned capacity (1).",
    );
  });

  describe('of alarms', () => {
    const metric = (metricName: string, namespace = 'Shop') => new Metric({ namespace, metricName });
    const alarm = (stack: Stack, id: string, of: Metric | MathExpression) =>
      new Alarm(stack, id, { metric: of, threshold: 1, evaluationPeriods: 1 });

    test('counts each metric, and each custom metric once', () => {
      const said = empty((stack) => {
        const usingMetrics = { a: metric('Orders'), b: metric('Errors', 'AWS/Lambda') };
        alarm(stack, 'Ratio', new MathExpression({ expression: 'b / a', usingMetrics }));
        alarm(stack, 'Orders', metric('Orders'));
      });
      expect(line(said, 'alarms')).toEqual(['0.30', '2']);
      expect(line(said, 'custom metrics')).toEqual(['0.30', '1']);
    });

    test('counts a custom metric for each value of its dimensions', () => {
      const said = empty((stack) => {
        for (const Service of ['web', 'mail'])
          alarm(stack, Service, metric('Errors').with({ dimensionsMap: { Service } }));
      });
      expect(line(said, 'custom metrics')).toEqual(['0.60', '2']);
    });

    test('counts three times what looks more than once a minute, also in an expression', () => {
      const said = empty((stack) => {
        const period = Duration.seconds(10);
        const usingMetrics = { a: metric('Orders') };
        alarm(stack, 'Fast', metric('Orders').with({ period }));
        alarm(stack, 'Double', new MathExpression({ expression: '2 * a', usingMetrics, period }));
      });
      expect(line(said, 'alarms')).toEqual(['0.60', '2']);
    });

    test('counts the band of an anomaly', () => {
      const said = empty((stack) => {
        new AnomalyDetectionAlarm(stack, 'Odd', { metric: metric('Orders', 'AWS/SQS'), evaluationPeriods: 1 });
      });
      expect(line(said, 'alarms')).toEqual(['0.30', '1']);
    });

    test('counts what an aspect adds', () => {
      const said = empty((stack) => {
        const below = new Construct(stack, 'Below');
        Aspects.of(below).add({
          visit: (node) => {
            if (node === below) alarm(stack, 'Late', metric('Orders'));
          },
        });
      });
      expect(line(said, 'alarms')).toEqual(['0.10', '1']);
    });
  });

  test('counts what polls a queue, here or elsewhere, and not what reads a stream', () => {
    const mapping = (stack: Stack, id: string, eventSourceArn: string, startingPosition?: string) =>
      new CfnEventSourceMapping(stack, id, { functionName: 'shop', eventSourceArn, startingPosition });
    const said = empty((stack) => {
      mapping(stack, 'Here', new CfnQueue(stack, 'Queue').attrArn);
      mapping(stack, 'Named', 'arn:aws:sqs:us-east-1:111122223333:orders');
      mapping(stack, 'Made', stack.formatArn({ service: 'sqs', resource: 'orders' }));
      mapping(stack, 'Stream', 'arn:aws:dynamodb:us-east-1:111122223333:table/orders/stream/1', 'LATEST');
    });
    // 657,000 requests each, at 0.40 USD a million.
    expect(line(said, 'queues that are polled')).toEqual(['0.79', '3']);
  });

  test('counts schedules, and none that is switched off', () => {
    const said = empty((stack) => {
      for (const [id, enabled] of [
        ['On', true],
        ['Off', false],
      ] as const) {
        new Rule(stack, id, { schedule: Schedule.rate(Duration.minutes(1)), enabled });
      }
    });
    // 43,800 runs of half a second with half a gigabyte.
    expect(line(said, 'schedules')).toEqual(['0.22', '1']);
  });

  test('counts what is in a nested stack', () => {
    expect(
      line(
        empty((stack) => new Key(new NestedStack(stack, 'Nested'), 'Key')),
        'keys',
      ),
    ).toEqual(['1.00', '1']);
  });

  test('leaves out what is in another stack below it', () => {
    expect(empty((stack) => new Key(new Stack(stack, 'Below'), 'Key'))).not.toContain('keys');
  });
});
