import type { RecordedCall } from '../../local/proxy/call';
import { errorText } from '../../lambdas/shared/aws-error';
import { isJsonObject } from '../../lib/model/json';
import type { Shape, ShapeAws } from '../runbooks/contract';
import type { Tried } from '../runbooks/shapes';
import { cellsOf, type Cell, type RecordedTask, type Recording } from './cells';
import { Lane } from './lane';
import { runPair, type Pair, type Verdict } from './run-cell';
import { Trial, type Phase, type Stage, type Went } from './trial';

/** A runbook's clean runs and the cells that are made from them. */
export async function recordCells(stage: Stage, aws: ShapeAws, lane: Lane, tried: Tried): Promise<Cell[]> {
  const recordings: Recording[] = [];
  for (const { name, arrange } of tried.shapes) {
    const trial = await Trial.begin(stage, lane, tried, await arrange(aws));
    const contained = await trial.contain();
    await mustBe(trial, 'held', name);
    const released = await trial.release();
    await mustBe(trial, 'released', name);
    recordings.push({
      shape: name,
      tasks: [...(await tasksOf(stage, 'contain', contained)), ...(await tasksOf(stage, 'release', released))],
    });
    await trial.clear();
  }
  return cellsOf(tried.id, recordings, (call) => isOwn(call, stage));
}

async function mustBe(trial: Trial, wanted: string, shape: string): Promise<void> {
  const { status, reason } = await trial.containment();
  if (status === wanted) return;
  throw new Error(
    `a clean run of '${trial.tried.id}' on '${shape}' ended as '${status}', not '${wanted}': ${reason ?? ''}`,
  );
}

async function tasksOf(stage: Stage, phase: Phase, went: Went): Promise<RecordedTask[]> {
  return Promise.all(
    went.tasks.map(async ({ state, label, payload, function: fn }) => {
      const op = isJsonObject(payload) && typeof payload['op'] === 'string' ? payload['op'] : '';
      const oneAction = isJsonObject(payload) && typeof payload['action'] === 'string';
      return { phase, state, kind: `${fn} ${op}`, oneAction, calls: await stage.proxy.calls({ source: label }) };
    }),
  );
}

/** Calls of the host to what is Firebreak's own. */
function isOwn({ service, resource }: RecordedCall, { deployment }: Stage): boolean {
  const { VAULT_BUCKET, BRAKE_PARAMETER } = deployment.environment;
  switch (service) {
    case 'dynamodb':
    case 'sts':
    case 'states':
      return true;
    case 's3':
      return resource['Bucket'] === VAULT_BUCKET;
    case 'ssm':
      return resource['Name'] === BRAKE_PARAMETER;
    default:
      return false;
  }
}

export interface Progress {
  readonly onVerdict: (verdict: Verdict, done: number) => void;
  /** A pair ended badly, and is run again one by one. */
  readonly onSuspect: (verdicts: readonly Verdict[]) => void;
  /** Asked before each cell. */
  readonly enough: () => boolean;
}

/**
 * Runs cells on some lanes at once; gives those that ended badly. Cells of contain and release go in pairs, which saves a
 * third of the time; a pair that ends badly is run again one by one, and that is what counts.
 */
export async function runCells(
  stage: Stage,
  aws: ShapeAws,
  ask: { readonly pairs: readonly Pair[]; readonly tried: readonly Tried[]; readonly lanes: readonly Lane[] },
  progress: Progress,
): Promise<Verdict[]> {
  const queue = [...ask.pairs];
  const bad: Verdict[] = [];
  let done = 0;
  let aloneAtWork = false;
  const isAlone = (pair: Pair) => shapeOf(pair, ask.tried).shape.alone === true;
  const take = (): Pair | undefined => {
    // What is there only once is tried by one lane at a time.
    const at = queue.findIndex((pair) => !aloneAtWork || !isAlone(pair));
    return at < 0 ? undefined : queue.splice(at, 1)[0];
  };
  const work = async (lane: Lane): Promise<void> => {
    const run = (pair: Pair) => tryPair(stage, aws, lane, pair, ask.tried);
    for (let pair = take(); pair !== undefined && !progress.enough(); pair = take()) {
      const alone = isAlone(pair);
      if (alone) aloneAtWork = true;
      let verdicts = await run(pair);
      if (verdicts.some(isBad)) {
        progress.onSuspect(verdicts.filter(isBad));
        const singles = verdicts.map(({ cell }): Pair =>
          cell.phase === 'contain' ? { contain: cell } : { release: cell },
        );
        verdicts = [];
        // Some calls are made once in the life of a worker: those are struck in new ones.
        lane.stop();
        for (const one of singles) verdicts.push(...(await run(one)));
      }
      if (alone) aloneAtWork = false;
      for (const verdict of verdicts) {
        if (isBad(verdict)) bad.push(verdict);
        progress.onVerdict(verdict, ++done);
      }
    }
  };
  await Promise.all(ask.lanes.map(work));
  return bad;
}

const isBad = ({ problems }: Verdict) => problems.length > 0;

/** Cells of one list in pairs of the same shape. */
export function pairsOf(cells: readonly Cell[]): Pair[] {
  const releases = cells.filter(({ phase }) => phase === 'release');
  const pairs = cells
    .filter(({ phase }) => phase === 'contain')
    .map((contain): Pair => {
      const at = releases.findIndex(({ runbook, shape }) => runbook === contain.runbook && shape === contain.shape);
      const [release] = at < 0 ? [] : releases.splice(at, 1);
      return { contain, ...(release && { release }) };
    });
  return [...pairs, ...releases.map((release) => ({ release }))];
}

function shapeOf(pair: Pair, all: readonly Tried[]): { readonly tried: Tried; readonly shape: Shape } {
  const { runbook, shape: name } = (pair.contain ?? pair.release) as Cell;
  const tried = all.find(({ id }) => id === runbook);
  const shape = tried?.shapes.find((candidate) => candidate.name === name);
  if (!tried || !shape) throw new Error(`there is no shape '${name}' of '${runbook}'`);
  return { tried, shape };
}

async function tryPair(stage: Stage, aws: ShapeAws, lane: Lane, pair: Pair, all: readonly Tried[]): Promise<Verdict[]> {
  const cells = [pair.contain, pair.release].filter((cell) => cell !== undefined);
  try {
    const { tried, shape } = shapeOf(pair, all);
    const trial = await Trial.begin(stage, lane, tried, await shape.arrange(aws));
    const verdicts = await runPair(pair, trial);
    await trial.clear();
    return verdicts;
  } catch (error) {
    return cells.map((cell) => ({
      cell,
      end: 'unknown',
      problems: [`the cell could not be run: ${errorText(error)}`],
    }));
  }
}
