import { expect, test } from '@jest/globals';
import { judge, tellsHowItStands } from '../../lambdas/escalate/auditor/judge';
import { appendTimeline, getIncident } from '../../lambdas/shared/store/incidents';
import { findNewest } from '../../lambdas/shared/store/timelines';
import type { HandOver } from '../../lib/model/incident';
import type { TimelineEntry } from '../../lib/model/timeline';
import { embeddedAws } from '../embedded/aws';
import { openIncident, ownTable } from './own-store';

const entry = (kind: TimelineEntry['kind'], details = {}): TimelineEntry => ({
  stage: 'escalate',
  kind,
  text: kind,
  by: 'test',
  details,
});

test.each([
  ['RUNNING', entry('page-held', { until: '2099-01-01T08:00:00.000Z' }), 'fine'],
  ['FAILED', entry('escalation-exhausted'), 'unanswered'],
])(
  'hundreds of alerts that join do not hide where a chain stands that is %s',
  async (execution, last, verdict) => {
    const table = await ownTable(embeddedAws());
    const escalation: HandOver = {
      kind: 'escalation',
      state: 'started',
      since: new Date().toISOString(),
      attempt: 1,
      execution: 'x',
    };
    const { id } = await openIncident(table, {
      status: 'open',
      acknowledgement: undefined,
      handOvers: { escalation },
    });
    await appendTimeline(table, id, last);
    for (let times = 0; times < 5; times++) {
      await appendTimeline(table, id, ...Array.from({ length: 70 }, () => entry('alert-raised')));
    }
    const incident = await getIncident(table, id);
    if (!incident) throw new Error('the incident is gone');

    const timeline = await findNewest(table, id, tellsHowItStands(escalation, execution));

    expect(timeline.map(({ kind }) => kind)).toEqual([last.kind]);
    expect(
      judge({
        incident,
        timeline,
        execution,
        watchesSilence: false,
        longestStep: 10 * 60_000,
        now: new Date(Date.now() + 60 * 60_000),
      }).kind,
    ).toBe(verdict);
  },
  60_000,
);
