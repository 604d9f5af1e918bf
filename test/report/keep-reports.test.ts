import { expect, test } from '@jest/globals';
import type { TimelineEntry, TimelineRecord } from '../../lib/model/timeline';
import { chain } from '../../lib/model/timeline-chain';
import { sha256 } from '../../lib/model/ids';
import { keepDraft, type ReportEffects, writeFinal } from '../../lambdas/report/writer/keep-reports';
import type { VaultInput } from '../../lambdas/shared/vault';
import { INCIDENT_ID, sampleIncident, sampleInput, sampleTimeline } from './sample-incident';

/** A store and a vault in memory; `between` runs before each write into the vault, as another writer would. */
function world(length: number, between: (world: World) => Promise<void> | void = () => undefined) {
  const whole = sampleTimeline();
  const state: World = { timeline: whole.slice(0, length), vault: new Map(), puts: [], locked: [], whole };
  const put = async (object: VaultInput) => {
    await between(state);
    state.puts.push(object.key);
    state.vault.set(object.key, String(object.body));
    return { key: object.key, versionId: `v${state.puts.length}`, sha256: sha256(object.body) };
  };
  const effects: ReportEffects = {
    readLength: () => Promise.resolve(state.timeline.length),
    readView: () => Promise.resolve(viewOf(state.timeline)),
    readAnchors: () => Promise.resolve([]),
    readSuppressed: () => Promise.resolve([]),
    draftLength: () => Promise.resolve(lengthOf(state)),
    putDraft: put,
    putLocked: (object) => {
      state.locked.push(object.key);
      return put(object);
    },
    appendAt: (_id, at, entry) => Promise.resolve(at === state.timeline.length && append(state, entry)),
    now: () => new Date('2026-11-21T06:00:00Z'),
  };
  return { state, effects };
}

interface World {
  timeline: TimelineRecord[];
  readonly whole: readonly TimelineRecord[];
  readonly vault: Map<string, string>;
  readonly puts: string[];
  readonly locked: string[];
}

function viewOf(timeline: TimelineRecord[]) {
  const { alerts, containments } = sampleInput();
  const closed = timeline.some(({ kind }) => kind === 'incident-closed');
  return {
    incident: { ...sampleIncident(timeline), status: closed ? ('closed' as const) : ('open' as const) },
    timeline,
    alerts,
    containments,
    merged: [],
  };
}

function append(state: World, entry: TimelineEntry): boolean {
  const last = state.timeline.at(-1);
  if (!last) throw new Error('the sample has records');
  const next = chain(INCIDENT_ID, { length: last.sequence, hash: last.hash }, entry, last.at);
  state.timeline = [...state.timeline, next];
  return true;
}

function lengthOf({ vault }: World): number {
  const draft = vault.get(`drafts/${INCIDENT_ID}/report.json`);
  return draft === undefined ? 0 : (JSON.parse(draft) as { records: number }).records;
}

test('writes the draft as page, Markdown and JSON, the JSON last', async () => {
  const { state, effects } = world(10);
  expect(await keepDraft(INCIDENT_ID, effects)).toBe('written');
  expect(state.puts).toEqual(['html', 'md', 'json'].map((kind) => `drafts/${INCIDENT_ID}/report.${kind}`));
  expect(state.locked).toEqual([]);
});

test('a burst of events writes one draft', async () => {
  const { state, effects } = world(10);
  await keepDraft(INCIDENT_ID, effects);
  for (let n = 0; n < 100; n++) expect(await keepDraft(INCIDENT_ID, effects)).toBe('up to date');
  expect(state.puts).toHaveLength(3);
});

test('writes again where the timeline moved while it wrote', async () => {
  const { state, effects } = world(10, (now) => {
    if (now.puts.length === 1) now.timeline = now.whole.slice(0, 14);
  });
  expect(await keepDraft(INCIDENT_ID, effects)).toBe('written');
  expect(lengthOf(state)).toBe(14);
  expect(state.puts).toHaveLength(6);
});

test('a slow writer that overwrites a newer draft notices, and writes the newest', async () => {
  let other = false;
  const { state, effects } = world(10, async (now) => {
    if (other || now.puts.length !== 2) return;
    other = true;
    now.timeline = now.whole.slice(0, 20);
    expect(await keepDraft(INCIDENT_ID, effects)).toBe('written');
    expect(lengthOf(now)).toBe(20);
  });
  expect(await keepDraft(INCIDENT_ID, effects)).toBe('written');
  expect(lengthOf(state)).toBe(20);
  for (const kind of ['html', 'md']) expect(state.vault.get(`drafts/${INCIDENT_ID}/report.${kind}`)).toContain('page');
});

test('many writers at once leave the newest', async () => {
  const { state, effects } = world(3, async (now) => {
    now.timeline = now.whole.slice(0, Math.min(now.timeline.length + 1, 12));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
  });
  await Promise.allSettled(Array.from({ length: 12 }, () => keepDraft(INCIDENT_ID, effects)));
  expect(lengthOf(state)).toBe(12);
});

test('gives up for now, by throwing, where the timeline does not come to rest', async () => {
  const { effects } = world(3, (now) => {
    now.timeline = now.whole.slice(0, now.timeline.length + 1);
  });
  await expect(keepDraft(INCIDENT_ID, effects)).rejects.toThrow(/moved 5 times/);
});

test('knows when there is no such incident', async () => {
  const { effects } = world(3);
  expect(await keepDraft('inc-x', { ...effects, readLength: () => Promise.resolve(undefined) })).toBe('no incident');
});

test('writes the final report once, locked, and says on the timeline where it lies', async () => {
  const { state, effects } = world(26);
  expect(await writeFinal(INCIDENT_ID, effects)).toBe('written');
  expect(state.locked).toEqual(['html', 'md', 'json'].map((kind) => `reports/${INCIDENT_ID}/report.${kind}`));
  const said = state.timeline.at(-1);
  expect(said).toMatchObject({ kind: 'report-written', stage: 'report' });
  const json = state.vault.get(`reports/${INCIDENT_ID}/report.json`) ?? '';
  expect(said?.details?.['objects']).toContainEqual({
    key: `reports/${INCIDENT_ID}/report.json`,
    versionId: 'v3',
    sha256: sha256(json),
  });
  expect(await writeFinal(INCIDENT_ID, effects)).toBe('written before');
  expect(state.locked).toHaveLength(3);
});

test('writes the final report again where something was said meanwhile', async () => {
  const { state, effects } = world(26, (now) => {
    if (now.puts.length === 1) append(now, { stage: 'triage', kind: 'note', text: 'late note', by: 'Sam' });
  });
  expect(await writeFinal(INCIDENT_ID, effects)).toBe('written');
  expect(state.vault.get(`reports/${INCIDENT_ID}/report.md`)).toContain('late note');
  expect(state.timeline.filter(({ kind }) => kind === 'report-written')).toHaveLength(1);
});

test('writes no final report of an incident that is open again', async () => {
  const { state, effects } = world(20);
  expect(await writeFinal(INCIDENT_ID, effects)).toBe('not closed');
  expect(state.puts).toEqual([]);
});
