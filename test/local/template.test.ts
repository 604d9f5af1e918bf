import { describe, expect, test } from '@jest/globals';
import { hasUnknown, resolveIn, type Resolver, UNKNOWN } from '../../local/template';
import { sameValue } from '../../local/compare/same-value';

const resolver: Resolver = {
  template: {
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue' },
      Secret: { Type: 'AWS::SecretsManager::Secret' },
      Role: { Type: 'AWS::IAM::Role' },
      RunRole: { Type: 'AWS::IAM::Role', Properties: { Path: { 'Fn::Sub': '/${AWS::StackName}/run/' } } },
      Odd: { Type: 'AWS::IAM::Role', Properties: { Path: { Ref: 'Nobody' } } },
    },
  },
  physical: new Map([
    ['Queue', 'http://127.0.0.1:1/000000000000/q'],
    ['Secret', 's'],
    ['Role', 'r'],
    ['RunRole', 'r'],
    ['Odd', 'r'],
  ]),
  region: 'us-east-1',
  account: '000000000000',
  stackName: 'S',
};

describe('resolveIn', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref', { Ref: 'Queue' }, 'http://127.0.0.1:1/000000000000/q'],
    ['a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['an ARN', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:q'],
    ['the ARN of a role', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::000000000000:role/r'],
    ['the ARN of a role with a path', { 'Fn::GetAtt': ['RunRole', 'Arn'] }, 'arn:aws:iam::000000000000:role/S/run/r'],
    ['the ARN of a role whose path is not known', { 'Fn::GetAtt': ['Odd', 'Arn'] }, UNKNOWN],
    ['Join', { 'Fn::Join': ['/', ['a', { Ref: 'AWS::StackName' }]] }, 'a/S'],
    ['Sub', { 'Fn::Sub': 'x-${AWS::AccountId}-${Queue.QueueName}' }, 'x-000000000000-q'],
    ['Select of Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b'] }] }, 'b'],
    ['what only CloudFormation knows', { 'Fn::GetAtt': ['Secret', 'Other'] }, UNKNOWN],
  ])('resolves %s', (_, given, expected) => {
    expect(resolveIn(resolver, given)).toBe(expected);
  });

  test('marks a value with an unknown part', () => {
    expect(hasUnknown(resolveIn(resolver, { a: [{ b: { Ref: 'Nobody' } }] }))).toBe(true);
  });
});

describe('sameValue', () => {
  test.each<[unknown, unknown, boolean]>([
    [30, '30', true],
    [true, 'true', true],
    [{ a: [1, 2] }, '{"a": [2, 1]}', true],
    ['{"a":1}', '%7B%22a%22%3A1%7D', true],
    [['arn'], 'arn', true],
    ['{ $.x = 1 }', '{ $.x = 2 }', false],
    [{ a: 1 }, {}, false],
    ['x', undefined, false],
  ])('%j and %j: %s', (template, api, expected) => {
    expect(sameValue(template, api)).toBe(expected);
  });
});
