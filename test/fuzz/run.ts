import fc from 'fast-check';
import { TARGETS } from './targets';

/** Inputs between two signs of life; the parent takes a minute of silence for a hang. */
const ROUND_RUNS = 200;

/** `run.js TARGET MINUTES SEED`: the child process of scripts/fuzz.mjs. Exit code 1 where a property fails. */
async function main([target = '', minutes = '1', seedText = '0']: readonly string[]): Promise<number> {
  const properties = TARGETS[target];
  if (properties === undefined) {
    console.error(`no target '${target}'; there are ${Object.keys(TARGETS).join(', ')}`);
    return 2;
  }
  const end = Date.now() + Number(minutes) * 60_000;
  const made = properties();
  let runs = 0;
  for (let seed = Number(seedText); Date.now() < end; seed++) {
    for (const [name, property] of Object.entries(made)) {
      const result = await fc.check(property, { seed, numRuns: ROUND_RUNS });
      runs += result.numRuns;
      if (result.failed) {
        console.error(`${target}: '${name}' fails with seed ${seed} after ${runs} inputs`);
        console.error(fc.defaultReportMessage(result as fc.RunDetails<unknown>));
        return 1;
      }
      process.send?.('alive');
    }
  }
  console.log(`${target}: ${runs} inputs in ${minutes} minutes from seed ${seedText}, nothing found`);
  return 0;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  process.disconnect();
});
