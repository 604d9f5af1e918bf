import type { IncidentView } from '../lambdas/triage/query/show-incident';
import type { ContainmentStatus } from '../lib/model/containment';
import { releaseAndWait } from '../cli/release';
import { acknowledgeByLink, RESPONDER } from './acknowledge';
import { expectEvidence } from './checks/evidence';
import { expectPages } from './checks/pages';
import { applied } from './document';
import { expectThat } from './expect';
import type { DrillWorld, Expectation, Scenario } from './scenario';
import type { Show } from './show';
import { findIncident, Watch } from './watch';

/** An emulator on a busy machine; AWS has its own times. */
const OPENED_MS = 60_000;
const CONTAINED_MS = 120_000;
const PAGED_MS = 120_000;
const ENDED_MS = 120_000;
/** Of somebody who fights back: each reading of what he undid waits 25 s for AWS to settle, and he undoes it four times. */
const FOUGHT_MS = 300_000;

/** What became of a scenario. */
export interface Played {
  readonly expectations: Expectation[];
  /** As it stood before the release; undefined where no incident was opened. */
  view?: IncidentView;
  /** From the decisive record put to every containment applied and read back. */
  appliedMs?: number;
}

/** Plays one scenario. What goes wrong on the way is an expectation that failed, with what was observed. */
export async function play(world: DrillWorld, scenario: Scenario, show: Show): Promise<Played> {
  const played: Played = { expectations: [] };
  const expect = (...more: readonly Expectation[]): void => {
    for (const expectation of more) show.expectation(expectation);
    played.expectations.push(...more);
  };
  show.heading(scenario.facts);
  try {
    await run(world, scenario, { show, played, expect });
  } catch (error) {
    expect(expectThat('the scenario ran to its end', false, error instanceof Error ? error.message : String(error)));
  }
  return played;
}

interface Stage {
  readonly show: Show;
  readonly played: Played;
  readonly expect: (...more: readonly Expectation[]) => void;
}

async function run(world: DrillWorld, scenario: Scenario, stage: Stage): Promise<void> {
  const { company, firebreak } = world;
  const { show, played, expect } = stage;
  const { ends = 'held' } = scenario;
  const before = await scenario.before(world);
  const trace = await scenario.attack(world);
  const id = await findIncident(firebreak, trace.entities, OPENED_MS).catch(async (error: unknown) => {
    await trace.stop?.();
    throw error;
  });
  const watch = new Watch(firebreak, id, (record) => show.record(record));
  try {
    // Level 1 stays silent. Level 2 opens the link, as a person does.
    const answered = company.phones.second
      .rings(id, ends === 'held' ? PAGED_MS : FOUGHT_MS, scenario.answers)
      .then((page) => acknowledgeByLink(world, page));
    const endMs = ends === 'held' ? CONTAINED_MS : FOUGHT_MS;
    const settled = watch
      .until('contained, and held to the end of the watch', hasEnded(trace.containments), endMs)
      .finally(() => trace.stop?.());
    await settleAll([answered, settled]);
    played.view = await watch.look();
    if (ends === 'held') played.appliedMs = applied(played.view, trace.putAt, trace.containments);

    show.section('What AWS itself says now');
    expect(ends === 'held' ? expectHeld(played.view) : expectNotProven(played.view));
    expect(...(await scenario.contained(world, before, played.view)));
    // Taken once it is contained, which this one never is.
    if (ends === 'held') expect(...(await expectEvidence(world, played.view)));

    const ended = await watch.until('the escalation ended', escalationEnded, ENDED_MS);
    await Promise.all([company.phones.first.look(), company.phones.second.look()]);
    expect(...(scenario.pages?.(world, ended) ?? expectPages(company, ended)));
    await release(world, scenario, before, stage);
  } finally {
    // Whatever became of it: nobody is paged for it while the next scenario runs.
    await firebreak.respond({ op: 'close', incidentId: id, by: RESPONDER, reason: 'The drill is over' });
    played.view ??= await watch.look();
  }
}

/** So many containments came to an end, good or bad. */
function hasEnded(containments: number): (view: IncidentView) => boolean {
  const over: readonly ContainmentStatus[] = [
    'held',
    'failed',
    'refused',
    'planned',
    'awaiting-approval',
    'not-approved',
  ];
  return (view) =>
    view.containments.length >= containments &&
    view.containments.every(({ containment }) => over.includes(containment.status));
}

function expectHeld({ containments }: IncidentView): Expectation {
  return expectThat(
    'Firebreak says: applied, read back, and still there when the watch ended',
    containments.length > 0 && containments.every(({ containment }) => containment.status === 'held'),
    told(containments),
  );
}

function expectNotProven({ containments }: IncidentView): Expectation {
  return expectThat(
    'Firebreak says: undone again and again, and not proven contained',
    containments.length > 0 &&
      containments.every(
        ({ containment: { status, reason } }) => status === 'failed' && reason?.includes('not proven contained'),
      ),
    told(containments),
  );
}

function told(containments: IncidentView['containments']): string {
  const lines = containments.map(
    ({ containment: { runbook, status, target, reason } }) =>
      `${runbook} on ${target.id} is ${status}${reason === undefined || status === 'held' ? '' : `: ${reason}`}`,
  );
  return lines.join('; ') || 'there is no containment';
}

async function release(world: DrillWorld, scenario: Scenario, before: unknown, stage: Stage): Promise<void> {
  const { show, played, expect } = stage;
  const found = played.view?.containments.filter(
    ({ containment }) => containment.runbook === scenario.release?.runbook,
  );
  if (!scenario.release || !found) return;
  show.section('Release, as `firebreak runbook release` does it');
  for (const { containment } of found) {
    const end = await releaseAndWait(world.firebreak, {
      containmentId: containment.id,
      by: RESPONDER,
      reason: 'The drill is over',
      force: false,
      reactivateKeys: false,
      seconds: 120,
      tell: (record) => show.record(record),
    });
    expect(expectThat(`the release of ${containment.runbook} was read back`, end.ok, end.text));
  }
  expect(...(await scenario.release.released(world, before)));
}

/** News starts the chain anew: the end of an older one does not count. */
function escalationEnded({ timeline }: IncidentView): boolean {
  const last = (wanted: string) => timeline.findLastIndex(({ kind }) => kind === wanted);
  return last('escalation-ended') > last('escalation-started');
}

/** Waits for all, so that nothing goes on behind an error; then throws the first. */
async function settleAll(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
