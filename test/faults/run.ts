import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../local/paths';
import { triedRunbooks, type Tried } from '../runbooks/shapes';
import { cellText, type Cell } from './cells';
import { startFaultsAws } from './embedded';
import { Lane } from './lane';
import { pairsOf, recordCells, runCells } from './matrix';
import { MUTANTS, withMutant } from './mutants';
import { parseOptions, USAGE, type Options } from './options';
import { Results } from './results';
import type { Pair, Verdict } from './run-cell';
import { ended, pairsToRun, startOthers, wantedOf } from './share';
import { countsText, ran, type Outcome } from './summary';
import type { Stage } from './trial';

/** A mutant is caught by some cells; there is no need to run the others. */
const BAD_ENOUGH = 3;

async function main(options: Options): Promise<Outcome> {
  const began = Date.now();
  const tried = (await triedRunbooks(options.runbook)).map((one) => ({
    ...one,
    shapes: one.shapes.slice(0, options.shapes),
  }));
  const shared =
    options.workers > 1 ? join(packageRoot(), `.firebreak/faults-results-${process.pid}.jsonl`) : undefined;
  const faults = await startFaultsAws(say);
  const { client, stage, versions } = faults;
  const results = new Results(versions, options.resume ?? shared);
  if (results.unreadable > 0) say(`${results.file} has ${results.unreadable} lines that were cut off`);
  const lanesOf = () =>
    Array.from({ length: options.lanes }, () => new Lane(stage.proxy, { ESCALATION_MACHINES: '{}' }));
  const lanes = lanesOf();
  try {
    const all = await cellsOfAll();
    const rounds = wantedOf(all, options);
    const wanted = rounds.flat();
    if (options.list) for (const cell of wanted) console.log(cellText(cell));
    if (options.list) return { cells: wanted.length, bad: 0, left: 0 };
    if (options.mutants.length > 0) return await plant(all.filter((cell) => wanted.includes(cell))); // Call by call: a mutant sits in one of them.
    const others =
      results.file === undefined ? [] : startOthers(__filename, process.argv.slice(2), options, results.file);
    const pairs = pairsToRun(rounds, options, results);
    await strike(
      stage,
      pairs,
      lanes,
      () => options.minutes !== undefined && Date.now() - began > options.minutes * 60_000,
    );
    await ended(others);
    results.read();
    return ran(options.part.of > 1 ? pairs.flatMap(cellsIn) : wanted, results, say);
  } finally {
    for (const lane of lanes) lane.stop();
    await faults.stop();
    if (shared !== undefined) rmSync(shared, { force: true });
  }

  async function cellsOfAll(): Promise<Cell[]> {
    const all: Cell[] = [];
    for (const one of tried) {
      const found =
        results.recorded(one.id, names(one)) ?? (await recordCells(stage, { client }, lanes[0] as Lane, one));
      if (!results.recorded(one.id, names(one))) results.addRecording(one.id, names(one), found);
      say(countsText(one, found));
      all.push(...found);
    }
    return all;
  }

  async function plant(wanted: readonly Cell[]): Promise<Outcome> {
    let [cells, bad] = [0, 0];
    for (const id of options.mutants) {
      const planted = { ...stage, deployment: await withMutant(stage.deployment, id) };
      const infected = lanesOf();
      const verdicts: Verdict[] = [];
      const enough = () => verdicts.filter(({ problems }) => problems.length > 0).length >= BAD_ENOUGH;
      await strike(planted, pairsOf(noticing(wanted, id)), infected, enough, (verdict) => verdicts.push(verdict));
      for (const lane of infected) lane.stop();
      const worse = verdicts.filter(({ problems }) => problems.length > 0).length;
      say(worse > 0 ? `the mutant '${id}' was noticed` : `THE MUTANT '${id}' SURVIVED ${verdicts.length} CELLS`);
      cells += verdicts.length;
      bad += worse;
    }
    return { cells, bad, left: 0 };
  }

  async function strike(
    on: Stage,
    pairs: readonly Pair[],
    using: readonly Lane[],
    enough: () => boolean,
    keep = (verdict: Verdict): unknown => results.add(verdict),
  ): Promise<void> {
    const total = pairs.flatMap(cellsIn).length;
    const from = Date.now();
    let bad = 0;
    await runCells(
      on,
      { client },
      { pairs, tried, lanes: using },
      {
        enough,
        onSuspect: (verdicts) => verdicts.forEach((verdict) => tell('bad at first', verdict)),
        onVerdict: (verdict, done) => {
          if (verdict.problems.length > 0) bad++;
          keep(verdict);
          if (verdict.problems.length > 0) tell('BAD', verdict);
          const minutes = (Date.now() - from) / 60_000;
          if (done % 20 === 0) say(`${done} of ${total} cells, ${bad} bad, ${minutes.toFixed(1)} min`);
        },
      },
    );
  }
}

const names = ({ shapes }: Tried) => shapes.map(({ name }) => name);
const cellsIn = ({ contain, release }: Pair) => [contain, release].filter((cell) => cell !== undefined);

/** The cells that can notice a mutant come first. */
function noticing(cells: readonly Cell[], id: string): Cell[] {
  const { noticed = '' } = MUTANTS[id] ?? {};
  const likely = cells.filter((cell) => cellText(cell).includes(noticed));
  return [...likely, ...cells.filter((cell) => !likely.includes(cell))];
}

function tell(word: string, { cell, end, problems }: Verdict): void {
  say([`${word} ${cellText(cell)} → ${end}`, ...problems].join('\n    '));
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function leftAlone(): never {
  process.exit(2);
}

async function run(): Promise<void> {
  let options: Options;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  // One that was started by another ends with it, and takes its embedded AWS along.
  process.once('disconnect', leftAlone);
  const { cells, bad, left } = await main(options);
  const more = left > 0 ? { left } : {};
  console.log(
    options.json
      ? JSON.stringify({ cells, bad, ...more })
      : `${cells} cells, ${bad} bad${left > 0 ? `, ${left} left` : ''}`,
  );
  process.exitCode = bad > 0 ? 1 : 0;
}

void run()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 2;
  })
  .finally(() => {
    process.off('disconnect', leftAlone); // Or hanging up by itself would look like being left alone.
    if (process.connected) process.disconnect();
  });
