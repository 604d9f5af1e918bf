import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CfnResource } from 'aws-cdk-lib';
import { sampleApp, sampleStack } from './sample-stack';

// Other tests go without it, because it costs 1.6 s a process.
const before = process.env['CDK_VALIDATION'];
beforeAll(() => {
  process.env['CDK_VALIDATION'] = 'true';
});
afterAll(() => {
  process.env['CDK_VALIDATION'] = before;
});

const validating = () => sampleApp({ '@aws-cdk/core:validateAgainstDefaultRules': true });

test("the template passes the CDK's own validation", () => {
  const app = validating();
  sampleStack(app);
  expect(() => app.synth()).not.toThrow();
});

test.each([
  ['a wrong type', { RetentionInDays: 'ninety' }],
  ['an unknown property', { Retention: 90 }],
])('which notices %s', (_, properties) => {
  const app = validating();
  const { stack } = sampleStack(app);
  new CfnResource(stack, 'Planted', { type: 'AWS::Logs::LogGroup', properties });
  expect(() => app.synth()).toThrow();
});
