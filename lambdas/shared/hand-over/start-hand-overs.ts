import type { Containment } from '../../../lib/model/containment';
import { executionName } from '../../../lib/model/ids';
import type { HandOver, Incident, PlannedContainment } from '../../../lib/model/incident';
import { targetText } from '../../../lib/model/plan';
import type { TimelineEntry, TimelineKind } from '../../../lib/model/timeline';
import { changeIncident } from '../store/incidents';
import { survivorOf } from '../store/survivor';
import type { Table } from '../store/table';
import { handOverEscalation } from './chain';
import { deployedChain } from './deployed-chain';
import { handOverContainment, type ContainmentHandOver } from './containment';
import { takeOverHolds } from './take-over-holds';
import { deployedMachines, type Machines } from './machines';

/**
 * Starts what is pending, containments and escalation alike (or only one kind), and marks as started only what was. Safe to call again
 * after any crash: every start has a deterministic name.
 *
 * @throws AggregateError with each hand-over that failed, after all were tried; those stay pending.
 */
export async function startHandOvers(
  table: Table,
  incident: Incident,
  now = new Date(),
  kinds: readonly HandOver['kind'][] = ['escalation', 'containment'],
): Promise<void> {
  const pending = Object.entries(incident.handOvers).filter(
    ([, handOver]) => handOver.state === 'pending' && kinds.includes(handOver.kind),
  );
  const machines = deployedMachines();
  const results = await Promise.allSettled(
    pending.map(async ([key, handOver]) => ({
      key,
      handOver,
      ...(await start(table, incident, handOver, machines, now)),
    })),
  );
  const started = results.filter((result) => result.status === 'fulfilled').map((result) => result.value);
  if (started.length > 0) await markStarted(table, incident.id, started);
  const failed = results.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown);
  if (failed.length > 0)
    throw new AggregateError(failed, `${failed.length} hand-over(s) of incident '${incident.id}' failed`);
}

interface Started {
  readonly execution: string;
  readonly entries: readonly TimelineEntry[];
  /** The chain that pages from now on, where that of the incident is no more. */
  readonly chain?: string;
}

async function start(
  table: Table,
  incident: Incident,
  handOver: HandOver,
  machines: Machines,
  now: Date,
): Promise<Started> {
  if (!handOver.containment) {
    return startEscalation(incident, handOver, machines);
  }
  const { containment } = handOver;
  if (handOver.takesOver) {
    const held = await takeOverHolds(table, incident.id, containment, handOver.takesOver);
    if (handOver.onlyHolds === true) return tookOver(containment, held, handOver.takesOver);
  }
  const handed = await handOverContainment(table, {
    incidentId: incident.id,
    containment,
    machines: machines.runbooks,
    now,
  });
  const what = `runbook '${containment.planned.runbook}' on ${targetText(containment.target)}`;
  const details = {
    containmentId: handed.containmentId,
    runbook: containment.planned.runbook,
    target: { ...containment.target },
  };
  const by = handed.execution;
  return { execution: handed.execution, entries: [{ stage: 'triage', ...wordOf(handed.outcome, what), by, details }] };
}

async function startEscalation(incident: Incident, handOver: HandOver, machines: Machines): Promise<Started> {
  const chain = deployedChain(incident.chain, machines);
  const execution = await handOverEscalation(incident, handOver, chain);
  const text = `Escalation chain '${chain.name}' started, attempt ${handOver.attempt}`;
  const started: TimelineEntry = { stage: 'triage', kind: 'escalation-started', text, by: execution };
  if (chain.name === incident.chain) return { execution, entries: [started] };
  const gone = `Escalation chain '${incident.chain}' is not deployed any more; chain '${chain.name}' pages instead, from now on`;
  const note: TimelineEntry = { stage: 'escalate', kind: 'note', text: gone, by: execution };
  return { execution, entries: [note, started], chain: chain.name };
}

function wordOf(
  outcome: ContainmentHandOver['outcome'],
  what: string,
): { readonly kind: TimelineKind; readonly text: string } {
  switch (outcome) {
    case 'started':
      return { kind: 'containment-started', text: `Started ${what}` };
    case 'held-by-another':
      return { kind: 'containment-held-by-another', text: `Holds ${what}, which another incident started` };
    case 'released-since':
      return { kind: 'note', text: `Not contained again: ${what}: it was released after this had happened` };
  }
}

/** What was let go before the merge is not contained again: a person took it back. */
function tookOver(
  { planned, target }: PlannedContainment,
  held: Containment | undefined,
  from: readonly string[],
): Started {
  const what = `runbook '${planned.runbook}' on ${targetText(target)}`;
  const whose = `${from.join(', ')}, merged into this incident`;
  if (!held) {
    const text = `${whose}, no longer held ${what}`;
    return { execution: '', entries: [{ stage: 'triage', kind: 'note', text, by: 'triage' }] };
  }
  return {
    execution: executionName(held.id, held.attempt),
    entries: [
      {
        stage: 'triage',
        kind: 'containment-held-by-another',
        text: `Holds ${what} for ${whose}`,
        by: 'triage',
        details: { containmentId: held.id, runbook: planned.runbook, target: { ...target } },
      },
    ],
  };
}

async function markStarted(
  table: Table,
  incidentId: string,
  started: readonly (Started & { readonly key: string; readonly handOver: HandOver })[],
): Promise<void> {
  const { incident: now } = await changeIncident(table, incidentId, (incident) => {
    // A racing delivery may have marked it, or a new attempt may be pending by now.
    const mine = started.filter(({ key, handOver }) => {
      const current = incident.handOvers[key];
      return current?.state === 'pending' && current.attempt === handOver.attempt;
    });
    if (mine.length === 0) return undefined;
    const marked = mine.map(
      ({ key, handOver, execution }) =>
        // What was taken over is taken over; said again, it would be looked for with each attempt.
        [key, { ...handOver, state: 'started', execution, takesOver: undefined, onlyHolds: undefined }] as const,
    );
    // Kept, so that it is said once, and the auditor looks for the execution where it is.
    const chain = mine.find((one) => one.chain !== undefined)?.chain ?? incident.chain;
    return {
      set: { handOvers: { ...incident.handOvers, ...Object.fromEntries(marked) }, chain },
      entries: mine.flatMap(({ entries }) => entries),
    };
  });
  if (now.status !== 'merged') return;
  // Merged while this was being started: the hold that was just taken passes on, too.
  const going = await survivorOf(table, incidentId);
  for (const { handOver } of started) {
    if (going && handOver.containment) await takeOverHolds(table, going.id, handOver.containment, [incidentId]);
  }
}
