import { describe, expect, test } from '@jest/globals';
import { ALWAYS_LOOKED_AT, isTold, KINDS_OF_UPDATES, toldTogether } from '../../lib/model/stakeholder';
import type { JsonObject } from '../../lib/model/json';
import { publicationOf } from '../../lib/report/published-event';
import { incidentUpdate, MAX_INCIDENTS, updateContent } from '../../lambdas/escalate/update/content';
import { looksBack, updateLines } from '../../lambdas/escalate/update/update-lines';
import { updateMessage } from '../../lambdas/escalate/update/update-message';
import { INCIDENT_ID, sampleIncident } from './sample-page';
import { EVERYTHING, recordsOf, sampleUpdate } from './sample-update';

const target = { kind: 'user', id: 'arn:aws:iam::111122223333:user/ops/build-agent', account: '1', region: 'r' };
const story = recordsOf([
  { kind: 'incident-opened', details: { severity: 'SEV3' } },
  { kind: 'alert-raised' },
  { kind: 'page-sent', details: { pageId: 'pag-1' } },
  { kind: 'severity-changed', details: { from: 'SEV3', to: 'SEV1' } },
  { kind: 'severity-changed', details: { from: 'SEV1', to: 'SEV2' } },
  { kind: 'containment-verified', details: { target } },
  { kind: 'containment-undone', details: { target } },
  { kind: 'acknowledged', by: 'Maya' },
  { kind: 'acknowledgement-voided' },
  { kind: 'handed-over', by: 'Maya', details: { from: 'Maya', to: 'Sam' } },
  { kind: 'approval-declined', by: 'Sam', details: { target } },
  {
    kind: 'incident-closed',
    by: 'Maya',
    text: 'Closed as a false positive: a drill',
    details: { falsePositive: true },
  },
  { kind: 'report-written' },
]);
const told = (lines: ReturnType<typeof updateLines>) => lines.map(({ event, text }) => `${event}: ${text}`);

describe('what stakeholders are told', () => {
  test('is what they asked for, in plain words, and nothing of pages and alerts', () => {
    expect(told(updateLines(story, EVERYTHING, false))).toEqual([
      'opened: It was opened, as SEV3.',
      'severity-raised: It is worse than it seemed: SEV3 became SEV1.',
      'contained: Contained: user build-agent. This was read back from AWS.',
      'not-contained: Somebody UNDID the containment of user build-agent; Firebreak makes it again.',
      'acknowledged: Maya takes care of it.',
      'acknowledged: Whoever took care of it is not counted on any more; people are called again.',
      'acknowledged: Sam takes care of it now, handed over by Maya.',
      'not-contained: NOT contained, because Sam decided against it: user build-agent.',
      'closed: Maya closed it as a false alarm. Reason: a drill',
      'report-final: The final report is written; the people who respond can hand it out.',
    ]);
    expect(told(updateLines(story, { events: ['closed', 'opened'] }, false))).toHaveLength(2);
  });

  test('is that Firebreak stops making again what is always undone', () => {
    const undone = (timesUndone: number) =>
      told(
        updateLines(recordsOf([{ kind: 'containment-undone', details: { target, timesUndone } }]), EVERYTHING, true),
      );
    expect(undone(3)).toEqual([
      'not-contained: Somebody UNDID the containment of user build-agent; Firebreak makes it again.',
    ]);
    expect(undone(4)).toEqual([
      'not-contained: Somebody UNDID the containment of user build-agent once more; Firebreak does NOT make it again. The people who respond are told.',
    ]);
  });

  describe('where people were asked about what was contained before', () => {
    const details = { target, containmentId: 'con-1' };
    const verified = { kind: 'containment-verified', details } as const;
    const declined = { kind: 'approval-declined', by: 'Sam', details } as const;
    const NOTHING_FURTHER =
      'not-contained: Nothing further was changed, because Sam decided against it: user build-agent, which was contained before.';
    const NOT_CONTAINED = 'not-contained: NOT contained, because Sam decided against it: user build-agent.';
    const newest = (entries: Parameters<typeof recordsOf>[0], from: number) => {
      const records = recordsOf(entries);
      return told(updateLines(records.slice(from), EVERYTHING, true, records.slice(0, from))).at(-1);
    };

    test('is that nothing further was changed, whenever the containment was told', () => {
      expect(newest([verified, declined], 0)).toBe(NOTHING_FURTHER);
      expect(newest([verified, declined], 1)).toBe(NOTHING_FURTHER);
      expect(looksBack(recordsOf([verified, declined]).slice(1))).toBe(true);
      expect(looksBack(recordsOf([verified]))).toBe(false);
    });

    test.each(['release-started', 'containment-failed', 'containment-not-held', 'containment-undone'] as const)(
      'is that it is not contained, after %s',
      (kind) => expect(newest([verified, { kind, details }, declined], 1)).toBe(NOT_CONTAINED),
    );

    test('is that it is not contained, where something else was', () => {
      expect(newest([{ ...verified, details: { ...details, containmentId: 'con-2' } }, declined], 1)).toBe(
        NOT_CONTAINED,
      );
    });
  });

  test('is that nobody decided in time, where it is left alone then', () => {
    const timedOut = (more: JsonObject) =>
      told(updateLines(recordsOf([{ kind: 'approval-timed-out', details: { target, ...more } }]), EVERYTHING, true));
    expect(timedOut({})).toEqual(['not-contained: NOT contained, because nobody decided in time: user build-agent.']);
    // Contained without approval, and others are asked.
    expect(timedOut({ how: 'timeout', reason: 'nobody decided' })).toEqual([]);
    expect(timedOut({ askedLevels: [] })).toEqual([]);
  });

  test('is where the incident goes on, for whoever heard of it before', () => {
    const merged = recordsOf([
      { kind: 'incident-merged', details: { merged: 'inc-other' } },
      { kind: 'incident-merged', details: { mergedInto: 'inc-older' } },
    ]);
    const only = { events: ['closed'] } as const;
    expect(updateLines(merged, only, false)).toEqual([]);
    expect(told(updateLines(merged, only, true))).toEqual([
      'merged: It turned out to be a part of incident inc-older, and goes on there.',
    ]);
  });

  test.each([
    ['everybody, where the incident names nobody', undefined, undefined, true],
    ['who is named', ['management'], undefined, true],
    ['nobody, where the list is empty', [], undefined, false],
    ['not who is left out', ['legal'], undefined, false],
    ['not of what is less severe than they asked', undefined, 'SEV2', false],
    ['of what is as severe', undefined, 'SEV3', true],
  ] as const)('goes to %s', (_what, stakeholders, severityAtLeast, expected) => {
    const stakeholder = { name: 'management', ...(severityAtLeast && { severityAtLeast }) };
    expect(isTold(stakeholder, { severity: 'SEV3', ...(stakeholders && { stakeholders }) })).toBe(expected);
  });

  test('of two incidents that become one goes to those of both', () => {
    expect(toldTogether(['a'], ['b', 'a'])).toEqual(['a', 'b']);
    expect(toldTogether(['a'], undefined)).toBeUndefined();
  });

  test('wakes the function by records that the bus carries, and never by its own', () => {
    const kinds = [...ALWAYS_LOOKED_AT, ...Object.values(KINDS_OF_UPDATES).flat()];
    expect(kinds.filter((kind) => publicationOf(kind).event === undefined)).toEqual([]);
    expect(kinds).not.toContain('update-sent');
    expect(kinds).not.toContain('update-failed');
  });
});

test('there are words for every record of which stakeholders can ask to be told', () => {
  const details = { target, severity: 'SEV2', from: 'SEV2', to: 'SEV1' };
  for (const [event, kinds] of Object.entries(KINDS_OF_UPDATES)) {
    const lines = updateLines(recordsOf(kinds.map((kind) => ({ kind, details }))), EVERYTHING, false);
    expect(lines.map((line) => line.event)).toEqual(kinds.map(() => event));
  }
});

describe('an update', () => {
  const incident = { ...sampleIncident({ title: 'Key made for another user' }), timelineLength: 1, timelineHash: '' };
  const one = incidentUpdate(
    { incident, containments: [], news: [] },
    updateLines(story.slice(0, 4), EVERYTHING, false),
  );

  test('is a message that says what is new, how it stands, and that nothing is asked', () => {
    const message = updateMessage(updateContent(EVERYTHING, [one], new Date('2026-11-21T03:20:00Z')));
    expect(message.email.subject).toBe(`[SEV1] Update: Key made for another user (${INCIDENT_ID})`);
    expect(message.email.text).toBe(`SEV1: Key made for another user
Incident ${INCIDENT_ID} in account 111122223333, eu-central-1, opened 2026-11-21 03:12:45 UTC
2026-11-21 03:20:00 UTC: It was opened, as SEV3.
2026-11-21 03:20:03 UTC: It is worse than it seemed: SEV3 became SEV1.
Now: open; nobody has answered yet

You are told as 'management', who asked for: opened, severity-raised, acknowledged, contained, not-contained, closed, report-final. SEV1 is the worst, SEV4 the least.
This is an update, no page: nothing is asked of you.
Sent 2026-11-21 03:20:00 UTC. ${message.id}
Dots and addresses are written [.] and [at], because an attacker may have chosen them: never follow them.
`);
    expect(JSON.parse(message.json)).toMatchObject({
      type: 'update',
      updateId: message.id,
      incidents: [{ id: INCIDENT_ID, severity: 'SEV1', news: [{ event: 'opened', record: 1 }, { record: 4 }] }],
    });
  });

  test('has no link, no token and no button in any medium', () => {
    const { slack, teams, ...rest } = updateMessage(updateContent(EVERYTHING, [one], new Date()));
    expect(slack.blocks.map(({ type }) => type)).toEqual(['header', 'section']);
    expect(teams.attachments[0].content.actions).toBeUndefined();
    const said = JSON.stringify([slack, rest, teams.attachments[0].content.body]);
    expect(said).not.toMatch(/https?:|\/a\/|\/p\/|token|arn:aws:secretsmanager/i);
    expect(rest).not.toHaveProperty('pagerDuty');
    expect(rest).not.toHaveProperty('sms');
  });

  test('of many incidents is one message, the worst first, which counts those that it has no room for', () => {
    const many = Array.from({ length: MAX_INCIDENTS + 40 }, (_, n) => ({
      ...one,
      incidentId: `inc-${100 + n}`,
      severity: n === 40 ? ('SEV1' as const) : ('SEV3' as const),
    }));
    const content = updateContent(EVERYTHING, many, new Date());
    expect(content.incidents[0]?.incidentId).toBe('inc-140');
    expect(content).toMatchObject({ more: 40 });
    const { email, slack } = updateMessage(content);
    expect(email.subject).toBe('Updates on 50 security incidents');
    expect(email.text).toContain('40 further incidents have news');
    expect(JSON.stringify(slack)).toContain('40 further incidents have news');
  });

  test('has the same id where it has to be sent again, and another for other news', () => {
    const id = (lines: number, at: string) =>
      updateContent(EVERYTHING, [{ ...one, lines: one.lines.slice(0, lines) }], new Date(at)).updateId;
    expect(id(2, '2026-01-01')).toBe(id(2, '2026-01-02'));
    expect(id(1, '2026-01-01')).not.toBe(id(2, '2026-01-01'));
  });

  test('is bounded, whatever stands in it', () => {
    const content = sampleUpdate('x'.repeat(100_000));
    expect(content.incidents[0]).toMatchObject({ earlier: 0 });
    expect(content.incidents[0]?.containments).toHaveLength(6);
    expect(updateMessage(content).email.text.length).toBeLessThan(150_000);
  });
});
