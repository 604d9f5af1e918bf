import { isDeepStrictEqual } from 'node:util';
import { verifyChain } from '../../lib/model/timeline-chain';
import type { TimelineKind, TimelineRecord } from '../../lib/model/timeline';
import { isJsonObject } from '../../lib/model/json';
import { errorText } from '../../lambdas/shared/aws-error';
import type { Reading } from '../../lambdas/contain/runbook-host/action';
import type { Phase, Trial, Went } from './trial';

/** What is wrong with how an execution ended; nothing where it ended as it must. */
export type Problems = string[];

/** Ends in exactly one of: held; failed and escalated with a list that is true; refused and escalated, nothing changed. */
export async function judgeContain(trial: Trial, went: Went): Promise<Problems> {
  const { status } = await trial.containment();
  const timeline = await trial.timeline();
  const common = [...judgeChain(trial, timeline), ...judgeEvidence(trial, timeline, status)];
  const read = await readAll(trial, 'contain');
  switch (status) {
    case 'held':
      return [
        ...common,
        ...(went.end === 'succeeded' ? [] : ['it is held, but its execution failed']),
        ...mustSay(timeline, 'containment-verified', 'containment-held'),
        ...judgeWords(timeline, ['action-applied'], trial.tried.runbook.actions),
        ...judgeWords(
          timeline,
          ['state-recorded'],
          read.filter(({ idle }) => !idle),
        ),
        ...read.flatMap(({ title, reading }) =>
          reading?.ok ? [] : [`held, but '${title}': ${reading?.observed ?? 'no state before was written down'}`],
        ),
      ];
    case 'failed':
      return [...common, ...(await judgeEscalated(trial)), ...(await judgeStock(trial, timeline, 'contain'))];
    case 'refused':
      return [
        ...common,
        ...(await judgeEscalated(trial)),
        ...mustSay(timeline, 'containment-refused'),
        ...((await isAsBefore(trial)) ? [] : ['it was refused, but the target was changed']),
      ];
    case 'starting':
    case 'planned':
    case 'awaiting-approval':
    case 'not-approved':
    case 'containing':
    case 'verified':
    case 'releasing':
    case 'released':
    case 'release-failed':
      return [`the containment ended as '${status}'`];
  }
}

/** Released; refused, and as contained as before; or failed and escalated with a list that is true. */
export async function judgeRelease(trial: Trial, went: Went): Promise<Problems> {
  const { status } = await trial.containment();
  const timeline = await trial.timeline();
  const common = judgeChain(trial, timeline);
  switch (status) {
    case 'released':
      return [
        ...common,
        ...(went.end === 'succeeded' ? [] : ['it is released, but its execution failed']),
        ...mustSay(timeline, 'containment-released'),
        ...judgeWords(
          timeline,
          ['action-released'],
          (await readAll(trial, 'release')).filter(({ idle }) => !idle),
        ),
        ...((await isAsBefore(trial)) ? [] : [`released, but not as before: ${await difference(trial)}`]),
      ];
    case 'held':
      return [
        ...common,
        ...mustSay(timeline, 'release-refused'),
        ...(await readAll(trial, 'contain')).flatMap(({ title, reading }) =>
          reading?.ok ? [] : [`not released, but '${title}' is not in place: ${reading?.observed ?? ''}`],
        ),
      ];
    case 'release-failed':
      return [...common, ...(await judgeEscalated(trial)), ...(await judgeStock(trial, timeline, 'release'))];
    case 'starting':
    case 'planned':
    case 'awaiting-approval':
    case 'not-approved':
    case 'refused':
    case 'containing':
    case 'verified':
    case 'failed':
    case 'releasing':
      return [`the release ended as '${status}'`];
  }
}

export async function isAsBefore(trial: Trial): Promise<boolean> {
  return isDeepStrictEqual(await trial.arranged.stateOf(), trial.before);
}

async function difference(trial: Trial): Promise<string> {
  return `${JSON.stringify(await trial.arranged.stateOf())}, was ${JSON.stringify(trial.before)}`.slice(0, 1_500);
}

function judgeChain(trial: Trial, timeline: readonly TimelineRecord[]): Problems {
  const verdict = verifyChain(trial.incidentId, timeline);
  return verdict.intact ? [] : [`the timeline is broken: ${verdict.problem}`];
}

function mustSay(timeline: readonly TimelineRecord[], ...kinds: TimelineKind[]): Problems {
  return kinds
    .filter((kind) => !timeline.some((record) => record.kind === kind))
    .map((kind) => `the timeline has no '${kind}'`);
}

/** Each of these actions has its word. */
function judgeWords(
  timeline: readonly TimelineRecord[],
  kinds: readonly TimelineKind[],
  actions: readonly { readonly id: string }[],
): Problems {
  return actions.flatMap(({ id }) =>
    kinds
      .filter((kind) => !timeline.some((record) => record.kind === kind && record.details?.['action'] === id))
      .map((kind) => `the timeline has no '${kind}' of '${id}'`),
  );
}

/** What was not collected is said. */
function judgeEvidence(trial: Trial, timeline: readonly TimelineRecord[], status: string): Problems {
  const wanted = trial.tried.runbook.evidence.map(({ name }) => name);
  if (status !== 'held' || wanted.length === 0) return [];
  const items = timeline
    .filter(({ kind }) => kind === 'evidence-collected')
    .flatMap(({ details }) => details?.['items']);
  const lost = timeline.filter(({ kind }) => kind === 'evidence-failed').map(({ details }) => details?.['item']);
  const unsaid = wanted.filter(
    (name) => !items.flat().includes(name) && !lost.includes(name) && !lost.includes(undefined),
  );
  return unsaid.length === 0 ? [] : [`nothing is said about the evidence ${unsaid.join(', ')}`];
}

async function judgeEscalated(trial: Trial): Promise<Problems> {
  const incident = await trial.incident();
  const escalation = incident.handOvers['escalation'];
  return escalation !== undefined && incident.severity === 'SEV1' ? [] : ['nobody is paged'];
}

/** The list of what was and was not done, against a reading of the API. */
async function judgeStock(trial: Trial, timeline: readonly TimelineRecord[], phase: Phase): Promise<Problems> {
  const kinds: readonly TimelineKind[] =
    phase === 'contain' ? ['containment-failed', 'containment-not-held'] : ['release-failed'];
  const word = timeline.filter(({ kind }) => kinds.includes(kind)).at(-1);
  if (!word) return [`the timeline has no '${kinds.join("' or '")}'`];
  const lines = (name: 'done' | 'missing' | 'unread') =>
    ((word.details?.[name] ?? []) as readonly unknown[]).map(String);
  const problems: Problems = [];
  for (const { title, reading, idle, byHand } of await readAll(trial, phase)) {
    const [done, missing, unread] = (['done', 'missing', 'unread'] as const).map((name) =>
      lines(name).some((line) => line.startsWith(title)),
    );
    if ([done, missing, unread].filter(Boolean).length !== 1) {
      problems.push(`'${title}' is not on exactly one of the lists of what is done, not done and not known`);
    } else if (done && reading?.ok !== true) {
      problems.push(`the list says that '${title}' is done; the API: ${reading?.observed ?? 'it was never begun'}`);
    } else if (missing && reading?.ok === true && !idle && !(phase === 'release' && byHand)) {
      problems.push(`the list says that '${title}' is not done; the API: ${reading.observed}`);
    }
  }
  return problems;
}

interface Read {
  readonly id: string;
  readonly title: string;
  /** Undefined where no state before was written down. */
  readonly reading?: Reading;
  /** There was nothing to change. */
  readonly idle: boolean;
  /** What a release leaves to people: it reads as it should before anybody was told of it, and is not given back until then. */
  readonly byHand: boolean;
}

/** Reads each action back, by calls that no fault strikes. */
async function readAll(trial: Trial, phase: Phase): Promise<Read[]> {
  const { runbook } = trial.tried;
  const context = await trial.context();
  return Promise.all(
    runbook.actions.map(async (action): Promise<Read> => {
      const { id } = action;
      const facts = runbook.facts.actions.find((known) => known.id === id);
      const title = facts?.title ?? id;
      const byHand = facts?.release !== 'restores';
      const undo = await trial.undo(id, context.generation);
      if (!undo || !isJsonObject(undo.before)) return { id, title, idle: true, byHand };
      const idle = action.changes(undo.before, context).length === 0;
      try {
        const reading =
          phase === 'contain'
            ? await action.verify(undo.before, context)
            : await action.verifyReleased(undo.before, context, { reactivateKeys: true });
        return { id, title, reading, idle, byHand };
      } catch (error) {
        return { id, title, reading: { ok: false, observed: errorText(error) }, idle, byHand };
      }
    }),
  );
}
