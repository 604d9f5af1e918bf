import { expect, test } from '@jest/globals';
import { containmentId } from '../../lib/model/ids';
import type { Target } from '../../lib/model/plan';

const target = (id: string, kind: Target['kind'] = 'user'): Target => ({
  kind,
  id,
  account: '111122223333',
  region: 'us-east-1',
});

test('a user or role is one target, with its path or without', () => {
  const id = (arn: string, kind?: Target['kind']) => containmentId('r', target(arn, kind));
  expect(id('arn:aws:iam::111122223333:user/staff/eve')).toBe(id('arn:aws:iam::111122223333:user/eve'));
  expect(id('arn:aws:iam::111122223333:role/a/b/c', 'role')).toBe(id('arn:aws:iam::111122223333:role/c', 'role'));
  expect(id('arn:aws:iam::111122223333:user/eve')).not.toBe(id('arn:aws:iam::444455556666:user/eve'));
  expect(id('arn:aws:iam::111122223333:user/eve')).not.toBe(id('arn:aws:iam::111122223333:user/adam'));
});

test('what is no name of IAM is taken as it is', () => {
  const snapshots = ['arn:aws:ec2:us-east-1::snapshot/snap-1', 'arn:aws:ec2:us-east-1::image/snap-1'];
  const [snapshot, image] = snapshots.map((id) => containmentId('r', target(id, 'snapshot')));
  expect(snapshot).not.toBe(image);
});
