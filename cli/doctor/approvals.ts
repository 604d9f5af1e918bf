import type { Incident } from '../../lib/model/incident';
import { type Check, count, type Finding, ok, warning } from './check';

/** What waits for a person's decision: until then nothing of it is contained. */
export const approvals: Check = {
  name: 'approvals',
  async look({ firebreak }) {
    return judgeApprovals(await firebreak.query<Incident[]>({ op: 'list', status: 'open', limit: 500 }));
  },
};

export function judgeApprovals(open: readonly Pick<Incident, 'id' | 'approvals'>[]): Finding {
  const waiting = open.flatMap(({ id, approvals: ids = [] }) => (ids.length > 0 ? [{ id, number: ids.length }] : []));
  const total = waiting.reduce((sum, { number }) => sum + number, 0);
  if (total === 0) return ok('nothing waits for a decision');
  const where = waiting.slice(0, 5).map(({ id, number }) => `${id} (${number})`);
  const more = waiting.length > where.length ? ` and ${count(waiting.length - where.length, 'more incident')}` : '';
  return warning(
    `${count(total, 'containment')} not made, waiting for a person: ${where.join(', ')}${more}`,
    "decide: 'firebreak incident approve' or 'decline', with the incident's id",
  );
}
