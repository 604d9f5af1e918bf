import { benchDetector } from './detector';
import { benchHunt } from './hunt';
import { benchMatching } from './matching';
import type { Result } from './measure';

/** Runs one part and prints its results as JSON; `scripts/bench.mjs` starts it, each part in a process of its own. */
async function main([part = '', megabytes, rounds]: readonly string[]): Promise<Result[]> {
  switch (part) {
    case 'matching':
      return benchMatching(Number(megabytes), Number(rounds));
    case 'detector':
      return benchDetector(Number(rounds));
    case 'hunt':
      return benchHunt(Math.ceil(Number(rounds) / 3));
    default:
      throw new Error(`no part of the benchmark is called '${part}'; there are matching, detector and hunt`);
  }
}

void main(process.argv.slice(2)).then((results) => console.log(JSON.stringify(results)));
