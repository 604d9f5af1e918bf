import { type Command, InvalidArgumentError } from 'commander';
import { SCENARIOS, USUAL_SCENARIOS } from '../drills';
import { runDrill } from '../drills/run';
import type { Scenario } from '../drills/scenario';
import { UsageError } from './command-error';
import type { Io } from './io';
import { type JsonOptions, wholeNumber, withJson } from './options';

interface Options extends JsonOptions {
  readonly keep?: boolean;
  readonly runs: number;
}

/** Each run contains two users, and the drill's guard rails let 100 containments through in an hour. */
const MOST_RUNS = 40;

/** `firebreak drill`: rehearses an attack from beginning to end. Exit code 0 only when every expectation is ok. */
export function registerDrill(program: Command, io: Io): void {
  withJson(
    program
      .command('drill')
      .description('rehearse attacks: deploys Firebreak into an embedded AWS, attacks it, and shows what became of it')
      .argument('[scenario]', `one of ${names(SCENARIOS)}; without it ${names(USUAL_SCENARIOS)}`, scenarioArgument)
      .option('--keep', 'leave the embedded AWS running')
      .option(
        '--runs <number>',
        'measure the time to contain so many times (leaked-key)',
        wholeNumber(1, MOST_RUNS),
        1,
      ),
  ).action(async (scenario: Scenario | undefined, options: Options) => {
    const scenarios = scenario ? [scenario] : USUAL_SCENARIOS;
    if (options.runs > 1 && !scenarios.some(({ facts }) => facts.id === 'leaked-key')) {
      throw new UsageError('--runs measures the scenario leaked-key; name that one, or none');
    }
    const { json = false, keep = false, runs } = options;
    const documents = await runDrill({ scenarios, json, keep, runs }, io);
    if (json) io.out(`${JSON.stringify(scenario ? documents[0] : documents, null, 2)}\n`);
    if (!documents.every(({ passed }) => passed)) io.exitCode = 1;
  });
}

function names(scenarios: readonly Scenario[]): string {
  return scenarios.map(({ facts }) => facts.id).join(', ');
}

function scenarioArgument(id: string): Scenario {
  const found = SCENARIOS.find(({ facts }) => facts.id === id);
  if (found) return found;
  throw new InvalidArgumentError(`There are: ${names(SCENARIOS)}.`);
}
