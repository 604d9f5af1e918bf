import { describe, expect, test } from '@jest/globals';
import { App, Fn, Stack } from 'aws-cdk-lib';
import { Alias, Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { parseConfiguration } from '../../config/load';
import { checkForensicKey } from '../../lib/contain/forensic-key';
import { FORENSIC_KEY, sampleApp, sampleStack } from '../stack/sample-stack';

const ALIAS = 'arn:aws:kms:us-east-1:999988887777:alias/forensics';
const REFUSED = /^'forensicKey' of IncidentResponse must be a key, got .*moved to another key.*Key\.fromKeyArn/;

describe('the forensic key', () => {
  const stacks = { known: { account: '111122223333', region: 'us-east-1' }, 'known at the deployment': {} };
  const stackIn = (env: object) => new Stack(new App(), 'Home', { env });

  describe.each(Object.entries(stacks))('GIVEN a stack whose Region is %s', (_, env) => {
    test.each<[string, (stack: Stack) => IKey, string]>([
      ['an alias by its ARN', (stack) => Key.fromKeyArn(stack, 'Key', ALIAS), "got 'alias/forensics'"],
      [
        'an alias by its name',
        (stack) => Alias.fromAliasName(stack, 'Key', 'alias/forensics'),
        "got 'alias/forensics'",
      ],
      [
        'an alias with its key',
        (stack) =>
          Alias.fromAliasAttributes(stack, 'Key', {
            aliasName: 'alias/forensics',
            aliasTargetKey: Key.fromKeyArn(stack, 'Target', FORENSIC_KEY),
          }),
        "got 'alias/forensics'",
      ],
      [
        'an alias that the stack makes',
        (stack) => new Alias(stack, 'Key', { aliasName: 'alias/forensics', targetKey: new Key(stack, 'Target') }),
        "got the alias at 'Home/Key'",
      ],
    ])('WHEN it is %s THEN it is refused, and the message says what to write', (_what, make, got) => {
      const key = make(stackIn(env));
      expect(() => checkForensicKey(key)).toThrow(REFUSED);
      expect(() => checkForensicKey(key)).toThrow(got);
    });

    test.each<[string, (stack: Stack) => IKey]>([
      ['a key by its ARN', (stack) => Key.fromKeyArn(stack, 'Key', FORENSIC_KEY)],
      ['a key that the stack makes', (stack) => new Key(stack, 'Key')],
      ['known at the deployment', (stack) => Key.fromKeyArn(stack, 'Key', Fn.importValue('ForensicKeyArn'))],
    ])('WHEN it is %s THEN it is taken', (_what, make) => {
      expect(() => checkForensicKey(make(stackIn(env)))).not.toThrow();
    });
  });

  test('GIVEN an alias THEN the stack is not synthesized', () => {
    expect(() =>
      sampleStack(sampleApp(), undefined, undefined, undefined, (stack) => Key.fromKeyArn(stack, 'ForensicKey', ALIAS)),
    ).toThrow(REFUSED);
  });

  test('GIVEN an alias in firebreak.yaml THEN the message names the line, what was there and what belongs there', () => {
    const text = `sources: { guardDuty: true }
escalationChains: [{ name: on-call, levels: [{ name: first, acknowledgeWithin: 5m, recipients: [{ email: a@example.com }] }] }]
forensicKey: ${ALIAS}
`;
    expect(() => parseConfiguration(text, 'firebreak.yaml')).toThrow(
      /^firebreak\.yaml:3:14: 'forensicKey': must be the ARN of a KMS key, .*not of an alias, which somebody can move to another key, got "arn:aws:kms:us-east-1:999988887777:alias\/forensics"$/,
    );
  });
});
