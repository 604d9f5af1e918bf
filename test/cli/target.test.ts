import { describe, expect, test } from '@jest/globals';
import { DeployedStack } from '../../cli/deployed-stack';
import { namedTarget, targetIn } from '../../cli/target';
import { checkGuardRails } from '../../lib/model/guard-rails';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { RUNBOOKS } from '../../runbooks';

const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';
const STACK = new DeployedStack('Firebreak', 'CREATE_COMPLETE', { account: ACCOUNT, region: REGION }, {});
const SETTINGS = { account: ACCOUNT, region: REGION, protected: [], networks: [], maximumContainmentsPerHour: 5 };

/** The example that people are shown who name something else. */
function example(facts: RunbookFacts): string {
  try {
    namedTarget(facts, 'x');
  } catch (error) {
    return /such as ([^;]+); got 'x'$/.exec((error as Error).message)?.[1] ?? '';
  }
  throw new Error(`'${facts.id}' takes 'x'`);
}

const verdictOn = (facts: RunbookFacts, text: string) => {
  const target = targetIn(STACK, namedTarget(facts, text));
  return checkGuardRails({ target, arns: [], networks: [] }, SETTINGS);
};

describe('what people name as a target', () => {
  test.each(RUNBOOKS)('$id: the guard rails take its example, at its own place', (facts) => {
    expect(verdictOn(facts, example(facts))).toEqual({ allowed: true });
  });

  test.each([
    ['lock-bucket', 'arn:aws:s3:::records.example', 'bucket', ACCOUNT, REGION],
    ['unshare-snapshot', 'arn:aws:ec2:eu-west-1::image/ami-0123456789abcdef0', 'snapshot', ACCOUNT, 'eu-west-1'],
    ['unshare-snapshot', 'arn:aws:rds:eu-west-1:444455556666:snapshot:s', 'snapshot', '444455556666', 'eu-west-1'],
    ['restore-logging', '444455556666', 'account', '444455556666', REGION],
    ['disable-access-key', 'arn:aws-cn:iam::111122223333:user/x', 'user', ACCOUNT, 'cn-north-1'],
    ['quarantine-function', 'arn:aws:lambda:eu-west-1:111122223333:function:f', 'function', ACCOUNT, 'eu-west-1'],
  ])('%s of %s: what it does not say is that of the stack, what it says stays', (id, text, kind, account, region) => {
    const facts = RUNBOOKS.find((one) => one.id === id) as RunbookFacts;

    expect(targetIn(STACK, namedTarget(facts, text))).toEqual({ kind, id: text, account, region });
  });

  test.each([
    ['restore-logging', '444455556666', 'it belongs to account 444455556666'],
    ['unshare-snapshot', 'arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0', 'it is in Region eu-west-1'],
  ])('%s of %s, which is elsewhere, is refused by the guard rails', (id, text, because) => {
    const facts = RUNBOOKS.find((one) => one.id === id) as RunbookFacts;

    const verdict = verdictOn(facts, text);

    expect(verdict.allowed ? 'allowed' : verdict.because).toContain(because);
  });

  test.each([
    ['lock-bucket', 'arn:aws:s3:::bucket/object'],
    ['lock-bucket', 'bucket'],
    ['restore-logging', 'arn:aws:iam::111122223333:root'],
    ['unshare-snapshot', 'arn:aws:ec2:eu-west-1::volume/vol-1'],
    ['isolate-instance', 'arn:aws:iam::111122223333:user/alice'],
  ])('%s does not take %s', (id, text) => {
    const facts = RUNBOOKS.find((one) => one.id === id) as RunbookFacts;

    expect(() => namedTarget(facts, text)).toThrow(`such as ${example(facts)}; got '${text}'`);
  });
});
