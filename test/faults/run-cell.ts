import { injectionOf, type Cell } from './cells';
import { isAsBefore, judgeContain, judgeRelease, type Problems } from './judge';
import type { Trial, Went } from './trial';

/** How a cell ended, with everything that is wrong about it. */
export interface Verdict {
  readonly cell: Cell;
  /** Status in which the execution that was struck ended. */
  readonly end: string;
  /** Empty where the cell is good. */
  readonly problems: Problems;
}

/**
 * Strikes one call; judges how that execution ended; runs it again, which must reach the end that a clean run reaches;
 * takes everything back, which must give the state before.
 */
export async function runCell(cell: Cell, trial: Trial): Promise<Verdict> {
  return cell.phase === 'contain' ? strikeContain(cell, trial) : strikeRelease(cell, trial);
}

async function strikeContain(cell: Cell, trial: Trial): Promise<Verdict> {
  const went = await trial.contain(injectionOf(cell));
  const { status: end } = await trial.containment();
  const problems = [...missed(went), ...(await judgeContain(trial, went))];
  const again = await trial.contain();
  problems.push(...(await sameEnd(trial, 'held')), ...said('again', await judgeContain(trial, again)));
  const released = await trial.release();
  problems.push(...(await sameEnd(trial, 'released')), ...said('release', await judgeRelease(trial, released)));
  return { cell, end, problems };
}

async function strikeRelease(cell: Cell, trial: Trial): Promise<Verdict> {
  const contained = await trial.contain();
  const problems = [...(await sameEnd(trial, 'held')), ...said('contain', await judgeContain(trial, contained))];
  const went = await trial.release(injectionOf(cell));
  const { status: end } = await trial.containment();
  problems.push(...missed(went), ...(await judgeRelease(trial, went)));
  if (end !== 'released') {
    const again = await trial.release();
    problems.push(...(await sameEnd(trial, 'released')), ...said('again', await judgeRelease(trial, again)));
  }
  if (!(await isAsBefore(trial))) problems.push('in the end it is not as it was before');
  return { cell, end, problems };
}

function missed(went: Went): Problems {
  return went.struck === 0 ? ['the fault struck nothing: the run made no such call'] : [];
}

async function sameEnd(trial: Trial, wanted: string): Promise<Problems> {
  const { status, reason } = await trial.containment();
  return status === wanted ? [] : [`run again, it ended as '${status}', not '${wanted}'${reason ? `: ${reason}` : ''}`];
}

function said(when: string, problems: Problems): Problems {
  return problems.map((problem) => `${when}: ${problem}`);
}
