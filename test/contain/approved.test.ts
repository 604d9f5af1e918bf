import { describe, expect, test } from '@jest/globals';
import { beyondApproved, boundByApproval } from '../../lambdas/contain/runbook-host/approved';
import type { Run } from '../../lambdas/contain/runbook-host/run';
import type { ApprovalDecision, ApprovalStatus } from '../../lib/model/approval';
import type { Mode } from '../../lib/model/plan';
import { MemoryTable } from '../support/memory-table';

const LINE = 'arn:aws:iam::111122223333:role/shop: credentials of i-1';
const MORE = 'arn:aws:iam::111122223333:role/shop: every session issued until now';

interface Asked {
  readonly status: ApprovalStatus;
  readonly how: ApprovalDecision['how'];
  readonly generation?: number;
}

/** What an attempt may reach, whose people were asked this. */
async function approvedFor(mode: Mode, asked?: Asked): Promise<readonly string[] | undefined> {
  const table = new MemoryTable();
  if (asked) {
    const steps = [{ reach: [LINE] }, {}];
    const { status, how, generation = 1 } = asked;
    table.put({
      pk: 'APPROVAL#apr-1',
      sk: 'META',
      approval: { status, generation, plan: { steps }, decision: { how } },
    });
  }
  const containment = { id: 'con-1', generation: 1, mode, ...(asked && { approvalId: 'apr-1' }) };
  const run = await boundByApproval({ table, containment, context: {} } as unknown as Run);
  return run.context.approved;
}

describe('how far an attempt may reach', () => {
  test.each<[string, Mode, Asked | undefined, readonly string[] | undefined]>([
    ['as far as people approved', 'approve', { status: 'approved', how: 'link' }, [LINE]],
    ['as far as people approved over the limit of the hour', 'enforce', { status: 'approved', how: 'link' }, [LINE]],
    ['as far as the alerts say where time approved', 'approve', { status: 'approved', how: 'timeout' }, undefined],
    ['as far as the alerts say where nobody was asked', 'enforce', undefined, undefined],
    ['nowhere where nobody approved', 'approve', { status: 'waiting', how: 'link' }, []],
    ['nowhere on an approval of before its release', 'approve', { status: 'approved', how: 'link', generation: 2 }, []],
    ['nowhere where the approval is gone', 'approve', undefined, []],
  ])('%s (%s)', async (_, mode, asked, expected) => {
    expect(await approvedFor(mode, asked)).toEqual(expected);
  });

  test('what is beyond it is named; less than it is not', () => {
    expect(beyondApproved([LINE, MORE], { approved: [LINE] })).toEqual([MORE]);
    expect(beyondApproved([LINE], { approved: [LINE, MORE] })).toEqual([]);
    expect(beyondApproved([LINE, MORE], {})).toEqual([]);
  });
});
