import { injectionOf, type Cell } from './cells';
import { judgeContain, judgeRelease, type Problems } from './judge';
import type { Trial, Went } from './trial';

/** What is struck in one trial: a call while it contains, a call while it releases, or one of them. */
export interface Pair {
  readonly contain?: Cell;
  readonly release?: Cell;
}

/** How a cell ended, with everything that is wrong about it. */
export interface Verdict {
  readonly cell: Cell;
  /** Status in which the execution that was struck ended. */
  readonly end: string;
  /** Empty where the cell is good. */
  readonly problems: Problems;
}

/**
 * Strikes a call while it contains; judges how that execution ended; runs it again, which must reach the end that a clean
 * run reaches. Then strikes a call while it releases, in the same way; in the end everything is as it was before.
 */
export async function runPair(pair: Pair, trial: Trial): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const contained = await strikeContain(pair.contain, trial);
  if (pair.contain) verdicts.push({ cell: pair.contain, ...contained });
  const released = await strikeRelease(pair.release, trial);
  if (pair.release) verdicts.push({ cell: pair.release, ...released });
  // A clean part has to end well, too: what the other part left behind is that one's.
  const [first] = verdicts;
  if (!first || verdicts.length === 2) return verdicts;
  const other = pair.contain ? released : contained;
  return [{ ...first, problems: [...first.problems, ...said(pair.contain ? 'release' : 'contain', other.problems)] }];
}

type Ended = Omit<Verdict, 'cell'>;

async function strikeContain(cell: Cell | undefined, trial: Trial): Promise<Ended> {
  const went = await trial.contain(cell && injectionOf(cell));
  const { status: end } = await trial.containment();
  const problems = [...missed(went), ...(await judgeContain(trial, went))];
  if (!cell) return { end, problems: [...problems, ...(await endsAs(trial, 'held'))] };
  const again = await trial.contain();
  problems.push(...said('again', [...(await endsAs(trial, 'held')), ...(await judgeContain(trial, again))]));
  return { end, problems };
}

async function strikeRelease(cell: Cell | undefined, trial: Trial): Promise<Ended> {
  const went = await trial.release(cell && injectionOf(cell));
  const { status: end } = await trial.containment();
  const problems = [...missed(went), ...(await judgeRelease(trial, went))];
  if (cell === undefined || end === 'released')
    return { end, problems: [...problems, ...(await endsAs(trial, 'released'))] };
  const again = await trial.release();
  problems.push(...said('again', [...(await endsAs(trial, 'released')), ...(await judgeRelease(trial, again))]));
  return { end, problems };
}

function missed(went: Went): Problems {
  return went.struck === 0 ? ['the fault struck nothing: the run made no such call'] : [];
}

async function endsAs(trial: Trial, wanted: string): Promise<Problems> {
  const { status, reason } = await trial.containment();
  return status === wanted ? [] : [`it ended as '${status}', not '${wanted}'${reason ? `: ${reason}` : ''}`];
}

function said(when: string, problems: Problems): Problems {
  return problems.map((problem) => `${when}: ${problem}`);
}
