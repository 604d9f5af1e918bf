import { expect, test } from '@jest/globals';
import { harnessOf, versionOf } from './version';

const stack = ({ contain = 'a', other = 'b', auditor = 'c', definition = 'd' } = {}) => ({
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Metadata: { 'aws:cdk:path': 'Stack/lock-bucket/Machine/Resource' },
    Properties: { DefinitionString: { 'Fn::Join': ['', [definition, { 'Fn::GetAtt': ['Contain', 'Arn'] }]] } },
  },
  Contain: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: contain } } },
  Other: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: other } } },
  ContainmentAuditor: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: auditor } } },
});
const version = (changed: Parameters<typeof stack>[0] = {}, harness = ['judge']) =>
  versionOf('lock-bucket', stack(changed), harness);

test('results of a runbook are of its machines, their functions, the auditor and the judge, and of nothing else', () => {
  expect(version()).toBe(version({ other: 'changed' }));
  const changed = [
    version({ contain: 'changed' }),
    version({ auditor: 'changed' }),
    version({ definition: 'changed' }),
    version({}, ['another judge']),
  ];
  expect(new Set([version(), ...changed]).size).toBe(5);
});

test('a runbook that is not in the stack has no version', () => {
  expect(() => versionOf('lock-buckets', stack(), [])).toThrow("no state machine of runbook 'lock-buckets'");
});

test('the harness of a runbook is all but what is of another runbook', () => {
  const sources = {
    'runbooks/index.ts': '1',
    'runbooks/lock-bucket/actions.ts': '2',
    'runbooks/isolate-instance/actions.ts': '3',
    'test/runbooks/contract.ts': '4',
    'test/runbooks/isolate-instance/shapes.ts': '5',
    'test/faults/judge.ts': '6',
  };
  expect(harnessOf('lock-bucket', sources, ['lock-bucket', 'isolate-instance'])).toEqual([
    'runbooks/index.ts 1',
    'runbooks/lock-bucket/actions.ts 2',
    'test/runbooks/contract.ts 4',
    'test/faults/judge.ts 6',
  ]);
});
