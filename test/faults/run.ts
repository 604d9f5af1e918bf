import { triedRunbooks } from '../runbooks/shapes';
import { cellText, type Cell } from './cells';
import { startFaultsAws } from './embedded';
import { Lane } from './lane';
import { recordCells, runCells } from './matrix';
import { MUTANTS, withMutant } from './mutants';
import { parseOptions, USAGE, type Options } from './options';
import type { Verdict } from './run-cell';
import type { Stage } from './trial';

/** A mutant is caught by some cells; there is no need to run the others. */
const BAD_ENOUGH = 3;

interface Outcome {
  readonly cells: number;
  readonly bad: number;
}

async function main(options: Options): Promise<Outcome> {
  const tried = (await triedRunbooks(options.runbook)).map((one) => ({
    ...one,
    shapes: one.shapes.slice(0, options.shapes),
  }));
  const faults = await startFaultsAws(say);
  const { client, stage } = faults;
  const lanesOf = () =>
    Array.from({ length: options.lanes }, () => new Lane(stage.proxy, { ESCALATION_MACHINES: '{}' }));
  const lanes = lanesOf();
  try {
    const all: Cell[] = [];
    for (const one of tried) {
      const found = await recordCells(stage, { client }, lanes[0] as Lane, one);
      say(`${one.id}: ${found.length} cells`);
      all.push(...found);
    }
    const wanted = spread(all, options);
    if (options.list) for (const cell of wanted) console.log(cellText(cell));
    if (options.list) return { cells: wanted.length, bad: 0 };
    if (options.mutants.length === 0) return await strike(stage, wanted, lanes);
    let [cells, bad] = [0, 0];
    for (const id of options.mutants) {
      const planted = { ...stage, deployment: await withMutant(stage.deployment, id) };
      const infected = lanesOf();
      const outcome = await strike(planted, noticing(wanted, id), infected, BAD_ENOUGH);
      for (const lane of infected) lane.stop();
      say(outcome.bad > 0 ? `the mutant '${id}' was noticed` : `THE MUTANT '${id}' SURVIVED ${outcome.cells} CELLS`);
      cells += outcome.cells;
      bad += outcome.bad;
    }
    return { cells, bad };
  } finally {
    for (const lane of lanes) lane.stop();
    await faults.stop();
  }

  async function strike(
    on: Stage,
    cells: readonly Cell[],
    using: readonly Lane[],
    enough = Infinity,
  ): Promise<Outcome> {
    const began = Date.now();
    let [ran, bad] = [0, 0];
    const ends = new Map<string, number>();
    await runCells(
      on,
      { client },
      { cells, tried, lanes: using },
      {
        enough: () => bad >= enough,
        onVerdict: (verdict) => {
          ran++;
          if (verdict.problems.length > 0) bad++;
          ends.set(verdict.end, (ends.get(verdict.end) ?? 0) + 1);
          tell(verdict);
          if (ran % 20 === 0)
            say(`${ran} of ${cells.length} cells, ${bad} bad, ${((Date.now() - began) / 60_000).toFixed(1)} min`);
        },
      },
    );
    say(`${ran} cells ended: ${[...ends].map(([end, count]) => `${end} ${count}`).join(', ')}`);
    return { cells: ran, bad };
  }
}

/** Those that are wanted; a sample is spread evenly, so that every part of the matrix has its share. */
function spread(cells: readonly Cell[], { only, sample }: Options): Cell[] {
  const wanted = cells.filter((cell) => only === undefined || cellText(cell).includes(only));
  if (sample === undefined || sample >= wanted.length) return wanted;
  return Array.from({ length: sample }, (_, index) => wanted[Math.floor((index * wanted.length) / sample)] as Cell);
}

/** The cells that can notice a mutant come first. */
function noticing(cells: readonly Cell[], id: string): Cell[] {
  const { noticed = '' } = MUTANTS[id] ?? {};
  const likely = cells.filter((cell) => cellText(cell).includes(noticed));
  return [...likely, ...cells.filter((cell) => !likely.includes(cell))];
}

function tell({ cell, end, problems }: Verdict): void {
  if (problems.length > 0) say([`BAD ${cellText(cell)} → ${end}`, ...problems].join('\n    '));
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
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
  const { cells, bad } = await main(options);
  console.log(options.json ? JSON.stringify({ cells, bad }) : `${cells} cells, ${bad} bad`);
  process.exitCode = bad > 0 ? 1 : 0;
}

void run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
