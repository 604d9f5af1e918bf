import { expect, test } from '@jest/globals';
import { reportSchema } from '../../config/report-schema';
import { anchorOf } from '../../lib/model/timeline-anchor';
import { buildReport } from '../../lambdas/report/writer/build-report';
import { renderHtml } from '../../lambdas/report/writer/render-html';
import { renderMarkdown } from '../../lambdas/report/writer/render-markdown';
import { entry, KEY_CONTAINMENT, sampleAlert, sampleIncident, sampleInput, timelineOf } from './sample-incident';

test('tells in a paragraph what happened, whether it is contained, who answered and whether it is over', () => {
  const { summary } = buildReport(sampleInput());
  expect(summary).toEqual([
    'An event at 2026-11-21 03:12:40 UTC in account 111122223333 (eu-central-1) matched the rule “Access key created for another user”, against user deploy. It was raised 1 min 3 s after the event (1 min 3 s until it was delivered, 512 ms of our own). One further alert of one other rule (“GuardDuty finding on an instance”) followed.',
    'Firebreak contained user build-agent (2.9 s after the alert) and instance i-0a1b2c3d4e5f60718 (3.2 s after the alert). Each was read back from AWS, and still in place when the watch ended at 03:29:44.400 UTC.',
    'Maya Lindqvist acknowledged it at 03:19:51.700 UTC by the link of a page, 6 min 8 s after the alert. Nobody of level ‘on call’ had answered in time.',
    'The incident was closed at 05:13:40.500 UTC. User build-agent and instance i-0a1b2c3d4e5f60718 stay contained until somebody releases them. Two tasks for people are listed below.',
  ]);
});

test('is written from the timeline, with evidence by key, version and hash and never by a link', () => {
  const report = buildReport(sampleInput());
  expect(report.timeline).toHaveLength(26);
  expect(report.evidence).toHaveLength(7);
  expect(report.evidence[0]).toMatchObject({ key: `undo/${KEY_CONTAINMENT}/1/deny-everything.json`, sequence: 5 });
  expect(report.evidence.every(({ sha256, versionId }) => /^[0-9a-f]{64}$/.test(sha256) && versionId)).toBe(true);
  expect(report.failures.map(({ kind }) => kind)).toEqual(['evidence-failed']);
  expect(report.severityHistory).toMatchObject([
    { to: 'SEV2', because: 'impact high (customer data), urgency medium', records: ['1'] },
    { from: 'SEV2', to: 'SEV1', records: ['12'] },
  ]);
  expect(renderHtml(report)).not.toMatch(/https?:\/\//);
});

test('shows each action with when it was applied, what it changed and how it is taken back', () => {
  const [key] = buildReport(sampleInput()).containments;
  expect(key).toMatchObject({
    title: 'Disable access keys',
    by: "response plan 'leaked credentials'",
    containMs: 2888,
  });
  expect(key?.actions[0]).toMatchObject({
    title: 'Deny everything',
    status: { label: 'Applied', tone: 'good' },
    appliedAt: '2026-11-21T03:13:45.900Z',
    detail: 'An inline policy denies everything',
    changes: ['iam:PutUserPolicy build-agent: no policy FirebreakQuarantine → deny * on *'],
    release: 'restores',
  });
});

test.each([
  ['failed', 'bad', 'Partly contained: 1 of 2', 'failed: keys are still Active. It is not proven contained: treat it'],
  [
    'refused',
    'bad',
    'Partly contained: 1 of 2',
    'A guard rail refused to contain user build-agent: keys are still Active.',
  ],
  ['planned', 'good', 'Contained and held', 'nothing was changed'],
  ['containing', 'warn', 'Being contained', 'under way, and not proven yet'],
  ['release-failed', 'bad', 'Partly contained: 1 of 2', 'not as it was before'],
] as const)('says plainly that a containment is %s', (status, tone, label, words) => {
  const input = sampleInput();
  const [first, ...others] = input.containments;
  if (!first) throw new Error('the sample has containments');
  const containment = { ...first.containment, status, reason: 'keys are still Active' };
  const report = buildReport({ ...input, containments: [{ ...first, containment }, ...others] });
  expect(report.containment).toEqual({ tone, label });
  expect(report.summary.join(' ')).toContain(words);
});

test('reports an incident that a person opened and that nobody answered', () => {
  const timeline = timelineOf([
    entry(0, 'triage', 'incident-opened', 'SEV3: Odd bill', 'Sam'),
    entry(300, 'escalate', 'level-unanswered', 'Nobody', 'chain security', { level: 'on call' }),
    entry(301, 'escalate', 'escalation-exhausted', 'Nobody answered at any level', 'chain security'),
  ]);
  const { acknowledgement, closedAt, ...incident } = sampleIncident(timeline);
  expect([acknowledgement, closedAt]).not.toContain(undefined);
  const report = buildReport({
    ...sampleInput(),
    incident: { ...incident, status: 'open', alertCount: 0, handOvers: {} },
    timeline,
    containments: [],
    anchors: [],
    final: false,
  });
  expect(report.answer).toEqual({ tone: 'bad', label: 'Nobody answered' });
  expect(report.summary).toEqual([
    'A person opened this incident at 2026-11-21 03:13:44.212 UTC for something in account 111122223333 (eu-central-1).',
    'Nothing was changed: no response plan asked for it.',
    'Nobody answered, at any level of the escalation chain.',
    'The incident is open.',
  ]);
  expect(report.chain.text).toContain('none of its 3 records is anchored');
  expect(renderMarkdown(report)).toContain('live draft');
});

test('says how far the chain is anchored, and where it is broken', () => {
  const input = sampleInput();
  const anchors = input.timeline.slice(0, 20).map(anchorOf);
  expect(buildReport({ ...input, anchors }).chain.text).toBe(
    'Intact up to record 20, anchored in the vault for 2026-11-21T03:18:46.400Z; 6 records since.',
  );
  const timeline = input.timeline.map((record) => (record.sequence === 7 ? { ...record, text: 'nothing' } : record));
  const broken = buildReport({ ...input, timeline });
  expect(broken.chain).toMatchObject({ intact: false, problem: 'record 7 was changed after it was written' });
  expect(renderHtml(broken)).toContain('Not intact');
});

test('takes tactics from the alerts, and techniques from the timeline', () => {
  const alerts = [sampleAlert([{ technique: { uid: 'T1098.001' }, tactic: { name: 'Persistence' } }])];
  expect(buildReport({ ...sampleInput(), alerts }).techniques).toEqual([
    { id: 'T1071', tactics: [], rules: ['GuardDuty finding on an instance'] },
    { id: 'T1078.004', tactics: [], rules: ['Access key created for another user'] },
    { id: 'T1098.001', tactics: ['Persistence'], rules: ['Access key created for another user'] },
  ]);
});

test('keeps a timeline of thousands readable, and says what it left out', () => {
  const timeline = timelineOf(
    Array.from({ length: 2500 }, (_, index) => entry(index, 'detect', 'alert-raised', `Alert ${index}`, 'rule')),
  );
  const report = buildReport({ ...sampleInput(), incident: sampleIncident(timeline), timeline });
  expect(report.timeline).toHaveLength(2000);
  expect(report.omittedRows).toBe(500);
  expect(renderHtml(report)).toContain('500 records of the middle left out');
});

test('lists tasks of actions that only a person takes back, once', () => {
  const input = sampleInput();
  const [first] = input.containments;
  const [action] = first?.actions ?? [];
  if (!first || !action) throw new Error('the sample has actions');
  const tasks = ['Give build-agent a new password', 'Give build-agent a new password'];
  const report = buildReport({
    ...input,
    containments: [{ ...first, actions: [{ ...action, status: 'task', tasks }] }],
  });
  expect(report.tasks.map(({ text }) => text)).toEqual([
    'Rotate every secret that i-0a1b2c3d4e5f60718 could read',
    'Give build-agent a new key from the secrets store',
    'Give build-agent a new password',
  ]);
});

test('says what a staged plan would have done, why it only observed, and by which record', () => {
  const input = sampleInput();
  const [first] = input.containments;
  if (!first) throw new Error('the sample has containments');
  const { containment } = first;
  const change = 'iam:UpdateAccessKey AKIAIOSFODNN7EXAMPLE: Active → Inactive';
  const timeline = timelineOf([
    entry(64, 'triage', 'incident-opened', 'SEV3: x', 'triage', { severity: 'SEV3' }),
    entry(65, 'contain', 'containment-planned', 'Would make 1 change(s)', 'con-a', {
      containmentId: containment.id,
      changes: [change],
    }),
  ]);
  const key = `containment#${containment.id}`;
  const handOver = input.incident.handOvers[key];
  if (!handOver?.containment) throw new Error('the sample hands the containment over');
  const observeBecause = "response plan 'leaked credentials' is staged; promote it when what it plans is right";
  const incident = {
    ...input.incident,
    handOvers: { [key]: { ...handOver, containment: { ...handOver.containment, observeBecause } } },
  };
  const observed = {
    containment: { ...containment, status: 'planned' as const, mode: 'observe' as const },
    actions: [],
  };
  const report = buildReport({ ...input, incident, timeline, containments: [observed], anchors: [] });

  expect(report.containments[0]).toMatchObject({
    observedBecause: observeBecause,
    wouldHave: [change],
    records: ['2'],
  });
  expect(report.containment).toEqual({ tone: 'calm', label: 'Observed only' });
  expect(reportSchema.safeParse(JSON.parse(JSON.stringify(report))).error?.message).toBeUndefined();
  for (const page of [renderHtml(report), renderMarkdown(report)]) {
    expect(page).toContain('AKIAIOSFODNN7EXAMPLE: Active → Inactive');
    expect(page).toContain('is staged; promote it');
  }
});

test('tells what suppressions kept quiet around that time, and that it is on no timeline', () => {
  const input = sampleInput();
  const scanner = {
    name: 'scanner',
    owner: 'platform',
    reason: 'weekly <b>scan</b>',
    until: '2027-01-01T00:00:00.000Z',
    count: 412,
    lastAt: input.incident.openedAt,
    lastTitle: 'Many ports <script>',
  };
  const old = { ...scanner, name: 'last year', lastAt: '2025-01-01T00:00:00.000Z' };
  const report = buildReport({ ...input, suppressed: [scanner, old] });

  expect(report.suppressed).toMatchObject([{ name: 'scanner', count: 412 }]);
  expect(reportSchema.safeParse(JSON.parse(JSON.stringify(report))).success).toBe(true);
  const page = renderHtml(report);
  expect(page).toContain('412 alerts');
  expect(page).toContain('not on this timeline');
  expect(page).not.toMatch(/<script|<b>scan/);
  expect(renderMarkdown(report)).toContain('412 alerts');
  expect(renderHtml(buildReport(input))).not.toContain('Kept quiet');
});
