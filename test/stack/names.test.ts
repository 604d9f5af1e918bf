import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { logsOfMachines } from '../../lib/firebreak-logs';
import { ofType, resourcesOf, sampleApp, sampleStack } from './sample-stack';

/** Properties by which a resource gets a name that nothing else of its kind may have. */
const NAME_PROPERTIES = [
  'AlarmName',
  'BucketName',
  'DashboardName',
  'FunctionName',
  'GroupName',
  'LogGroupName',
  'ManagedPolicyName',
  'Name',
  'QueueName',
  'RoleName',
  'StateMachineName',
  'TableName',
  'TopicName',
];

/** Where a property of that name is no name of the resource's own. */
const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  'AWS::Lambda::Permission': ['FunctionName'],
  'AWS::Lambda::EventSourceMapping': ['FunctionName'],
  'AWS::Lambda::EventInvokeConfig': ['FunctionName'],
  'AWS::Logs::SubscriptionFilter': ['LogGroupName'],
};

/** Where the name of the stack stands in a name that has to begin in a certain way. */
const OF_THE_STACK = /^\/aws\/vendedlogs\/states\/Sample\/\S+-[0-9a-f]{8}$/;

/** Unique among others, not in the account: a bus is its stack's own, and the CDK makes its name from the path. */
const GENERATED = ['AWS::Events::EventBus', 'AWS::ApiGatewayV2::Api'];

describe('names', () => {
  test('none is fixed where a second stack or Region would collide', () => {
    const fixed = [...resourcesOf(sampleStack(sampleApp()).stack)].flatMap(([id, { Type, Properties }]) =>
      Object.keys(Properties ?? {})
        .filter((name) => NAME_PROPERTIES.includes(name))
        .filter((name) => !(REFERENCES[Type] ?? []).includes(name))
        .filter((name) => !GENERATED.includes(Type) && !OF_THE_STACK.test(String(Properties?.[name])))
        .map((name) => `${id}.${name}`),
    );
    expect(fixed).toEqual([]);
  });

  test('those that must be given differ from stack to stack', () => {
    const app = sampleApp();
    const stacks = ['One', 'Two'].map((id) => sampleStack(app, id).stack);
    const names = stacks.map((stack) => {
      const resources = resourcesOf(stack);
      return ofType(resources, 'AWS::Events::EventBus').map(([, { Properties }]) => Properties?.['Name']);
    });
    expect(names[0]).toHaveLength(1);
    expect(names[0]).not.toEqual(names[1]);
  });

  test('are what CloudWatch Logs takes, whatever a chain is called', () => {
    const stack = new Stack(new App(), 'Sample');
    for (const id of ['On call (EU)', 'x'.repeat(100)]) logsOfMachines(new Construct(stack, id), 'MachineLogs');
    const names = ofType(resourcesOf(stack), 'AWS::Logs::LogGroup').map(
      ([, { Properties }]) => Properties?.['LogGroupName'],
    );
    expect(names).toEqual([
      expect.stringMatching(/^\/aws\/vendedlogs\/states\/Sample\/OncallEU-[0-9a-f]{8}$/),
      expect.stringMatching(/^\/aws\/vendedlogs\/states\/Sample\/x{40}-[0-9a-f]{8}$/),
    ]);
  });

  test('two stacks of one app, in two Regions', () => {
    const app = sampleApp();
    sampleStack(app, 'Frankfurt', 'eu-central-1');
    sampleStack(app, 'Virginia', 'us-east-1');
    expect(app.synth().stacks.map(({ stackName }) => stackName)).toEqual(['Frankfurt', 'Virginia']);
  });
});
