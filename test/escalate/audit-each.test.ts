import { describe, expect, test } from '@jest/globals';
import { auditEach } from '../../lambdas/escalate/auditor/audit-each';
import type { Verdict } from '../../lambdas/escalate/auditor/judge';

const THROTTLED = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
const verdicts: Record<string, Verdict> = {
  fine: { kind: 'fine' },
  still: { kind: 'stalled', because: 'nothing happened' },
  alone: { kind: 'unanswered', because: 'nobody answered' },
  late: { kind: 'unwatched' },
};
const each = (...ids: string[]) => ids.map((id) => ({ id }));
const lookAt = ({ id }: { readonly id: string }) => {
  const verdict = verdicts[id];
  return verdict ? Promise.resolve(verdict) : Promise.reject(THROTTLED);
};

describe('GIVEN open incidents, one of which cannot be looked at', () => {
  test('WHEN they are audited, THEN the others are judged, paged anew and counted, and the failure is kept', async () => {
    const paged: string[] = [];
    const watched: string[] = [];
    const audited = await auditEach(each('fine', 'throttled', 'still', 'alone', 'late'), lookAt, {
      pageAnew: ({ id }, because) => {
        paged.push(`${id}: ${because}`);
        return Promise.resolve();
      },
      watchAgain: ({ id }) => {
        watched.push(id);
        return Promise.resolve();
      },
    });

    expect(audited).toMatchObject({ stalled: ['still'], unanswered: ['alone'], unwatched: ['late'] });
    expect(watched).toEqual(['late']);
    expect(audited.failures).toEqual([
      new Error("incident 'throttled' could not be looked at: ThrottlingException: Rate exceeded", {
        cause: THROTTLED,
      }),
    ]);
    expect(paged).toEqual(['still: nothing happened']);
  });

  test('WHEN paging anew fails for one, THEN it counts as stalled, and the next is paged all the same', async () => {
    verdicts['still-2'] = { kind: 'stalled', because: 'nothing happened' };
    const paged: string[] = [];
    const audited = await auditEach(each('still', 'still-2'), lookAt, {
      pageAnew: ({ id }) => {
        if (id === 'still') return Promise.reject(THROTTLED);
        paged.push(id);
        return Promise.resolve();
      },
      watchAgain: () => Promise.resolve(),
    });

    expect(audited.stalled).toEqual(['still', 'still-2']);
    expect(audited.failures).toHaveLength(1);
    expect(paged).toEqual(['still-2']);
  });
});
