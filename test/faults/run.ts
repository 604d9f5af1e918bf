import { parseArgs } from 'node:util';
import { triedRunbooks } from '../runbooks/shapes';
import { cellText, type Cell } from './cells';
import { startFaultsAws } from './embedded';
import { Lane } from './lane';
import { recordCells, runCells } from './matrix';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runbook: { type: 'string' },
    only: { type: 'string' },
    sample: { type: 'string' },
    lanes: { type: 'string', default: '3' },
    list: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const began = Date.now();
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const tried = await triedRunbooks(values.runbook);
  const { client, stage, stop } = await startFaultsAws(say);
  const lanes = Array.from(
    { length: Number(values.lanes) },
    () => new Lane(stage.proxy, { ESCALATION_MACHINES: '{}' }),
  );
  try {
    const cells: Cell[] = [];
    for (const one of tried) {
      const found = await recordCells(stage, { client }, lanes[0] as Lane, one);
      say(`${one.id}: ${found.length} cells`);
      cells.push(...found);
    }
    const wanted = cells.filter((cell) => values.only === undefined || cellText(cell).includes(values.only));
    if (values.list) for (const cell of wanted) console.log(cellText(cell));
    if (values.list) return;
    const bad = await runCells(
      stage,
      { client },
      { cells: wanted, tried, lanes },
      {
        enough: () => false,
        onVerdict: ({ cell, end, problems }, done) => {
          if (problems.length > 0)
            say(`BAD ${cellText(cell)} → ${end}\n${problems.map((problem) => `    ${problem}`).join('\n')}`);
          if (done % 20 === 0)
            say(`${done} of ${wanted.length} cells, ${((Date.now() - began) / 60_000).toFixed(1)} min`);
        },
      },
    );
    console.log(JSON.stringify({ cells: wanted.length, bad: bad.length }));
    process.exitCode = bad.length > 0 ? 1 : 0;
  } finally {
    for (const lane of lanes) lane.stop();
    await stop();
  }
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
