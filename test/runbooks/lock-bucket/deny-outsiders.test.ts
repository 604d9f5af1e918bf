import { describe, expect, test } from '@jest/globals';
import type { ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { denyOutsiders } from '../../../runbooks/lock-bucket/actions/deny-outsiders';
import { outsiderStatements } from '../../../runbooks/lock-bucket/actions/outsiders';

const BUCKET = 'arn:aws:s3:::sample';

/** S3 with a bucket of this policy; `put` answers whoever puts another, and notes it. */
function bucketWith(Policy: string, refusal?: string): { readonly context: ChangeContext; readonly put: string[] } {
  const put: string[] = [];
  const client = {
    send: ({ constructor, input }: { readonly constructor: { name: string }; readonly input: { Policy?: string } }) => {
      if (constructor.name === 'GetBucketPolicyCommand') return Promise.resolve({ Policy });
      put.push(input.Policy ?? '');
      const error = Object.assign(new Error('Invalid principal in policy'), { name: refusal });
      return refusal === undefined ? Promise.resolve({}) : Promise.reject(error);
    },
  };
  const clients = { of: () => client, once: () => client };
  const target = { kind: 'bucket', id: BUCKET, account: '111122223333', region: 'us-east-1' };
  return { context: { target, aws: clients, change: clients } as unknown as ChangeContext, put };
}

function bucketPolicyOfFirebreak(): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: outsiderStatements(BUCKET, '111122223333') });
}

function policyOf(denies: number, allows: number): string {
  const statement = (Effect: string, index: number) => ({
    Effect,
    Principal: { AWS: '444455556666' },
    Action: 's3:GetObject',
    Resource: `${BUCKET}/${index}`,
  });
  const each = (Effect: string, length: number) => Array.from({ length }, (_, index) => statement(Effect, index));
  return JSON.stringify({ Version: '2012-10-17', Statement: [...each('Deny', denies), ...each('Allow', allows)] });
}

test('GIVEN a policy that was written after the state WHEN something has to be left out of it THEN the sentence for the timeline says what', async () => {
  const { context } = bucketWith(policyOf(60, 116));
  const [first, ...others] = (JSON.parse(policyOf(60, 116)) as { Statement: object[] }).Statement.reverse();
  const before = { policy: JSON.stringify({ Version: '2012-10-17', Statement: others }) };

  await denyOutsiders.contain(before, context);

  const locked = bucketWith(bucketPolicyOfFirebreak()).context;
  expect((await denyOutsiders.verify(before, locked)).observed).toContain(
    `no release gives it back: 1 statement(s) left out (${JSON.stringify([first])})`,
  );
  // Another run, which has the record from the store, left nothing out.
  expect((await denyOutsiders.verify(structuredClone(before), locked)).observed).toBe(
    'the bucket policy denies everybody outside account 111122223333',
  );
});

describe('a bucket policy that is nearly full', () => {
  test('loses what lets in, and no Deny of the owner', async () => {
    const policy = policyOf(60, 116);
    expect(Buffer.byteLength(policy)).toBeLessThanOrEqual(20_480);
    const { context, put } = bucketWith(policy);

    await denyOutsiders.contain({ policy }, context);

    const effects = put.map((text) =>
      (JSON.parse(text) as { Statement: { Effect: string }[] }).Statement.map(({ Effect }) => Effect),
    );
    expect(effects).toEqual([Array.from({ length: 62 }, () => 'Deny')]);
  });

  test('is left as it is where its Deny statements leave no room: people are told how much it lacks', async () => {
    const { context, put } = bucketWith(policyOf(176, 0));

    await expect(denyOutsiders.contain({ policy: null }, context)).rejects.toThrow(
      /^the policy of arn:aws:s3:::sample has no room .* \d{5} bytes, and S3 takes 20480\. Nothing was changed.* shorten .* by \d+ bytes/,
    );
    expect(put).toEqual([]);
  });
});

test('GIVEN a Deny that S3 does not take WHEN each policy was tried THEN the owner is not robbed of it: people are told', async () => {
  const { context, put } = bucketWith(policyOf(1, 1), 'MalformedPolicy');

  await expect(denyOutsiders.contain({ policy: null }, context)).rejects.toThrow(
    /^S3 takes no policy of arn:aws:s3:::sample .*\(MalformedPolicy: Invalid principal in policy\).*contain it again/,
  );
  expect(put).toHaveLength(2);
  for (const text of put) expect(text).toContain('"Effect":"Deny","Principal":{"AWS":"444455556666"}');
});
