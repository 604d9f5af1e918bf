import { expect, test } from '@jest/globals';
import { readBriefing } from '../../lambdas/escalate/page/briefing';
import { createIncident } from '../../lambdas/shared/store/incidents';
import { openIncident } from '../../lambdas/triage/triage/decide';
import { sampleAlert, user } from '../samples/alert';
import { MemoryTable } from '../support/memory-table';
import { triageContext } from '../triage/triage-context';

test('GIVEN more targets than are handed over WHEN people are paged THEN the page says that nobody contains the rest', async () => {
  const table = new MemoryTable();
  const plan = {
    name: 'compromised-user',
    when: {},
    runbooks: [{ runbook: 'disable-access-key', mode: 'enforce', contains: 'actor' }],
    chain: 'on-call',
  } as const;
  const context = triageContext({ plans: [plan], targetKinds: { 'disable-access-key': 'user' } });
  const entities = Array.from({ length: 25 }, (_, i) => user(`mallory-${i}`));
  const { incident, entries } = openIncident(sampleAlert({ entities }), context);
  const opened = await createIncident(table, incident, entries, [], context.now);

  const { news } = await readBriefing(table, opened);

  expect(news).toEqual([expect.stringContaining('5 target(s) of this alert are contained by nobody')]);
});
