import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../cli/command-error';
import type { Io } from '../cli/io';
import { duration } from '../cli/print';
import { type EmbeddedAws, startEmbeddedAws } from '../local/embedded-aws';
import { firebreakHome } from '../local/paths';
import { readState } from '../local/state';
import { expectReport } from './checks/report';
import { copyReport } from './copy-report';
import { type DrillDocument, drillIncident, measured } from './document';
import { expectThat } from './expect';
import { measureOnce } from './measure';
import { play, type Played } from './play';
import { forgetAssembly, prepare, type Prepared } from './prepare';
import type { Expectation, Scenario } from './scenario';
import { Show } from './show';
import { untilInterrupted } from './until-interrupted';

export interface DrillOptions {
  readonly scenarios: readonly Scenario[];
  readonly json: boolean;
  /** The embedded AWS outlives the drill. */
  readonly keep: boolean;
  /** How often the time to contain is measured. */
  readonly runs: number;
}

/**
 * A minute of a wait passes in 0.6 seconds: level 1 lets 5 minutes run out in 3 s. Only waits of state machines are
 * shortened; what Lambdas and calls take is measured as it is.
 */
const WAIT_SCALE = 0.01;

/** Plays scenarios against Firebreak, deployed into an embedded AWS of its own. One document for each. */
export async function runDrill(options: DrillOptions, io: Io): Promise<DrillDocument[]> {
  const show = new Show(io, options.json);
  show.line(io.colours.bold('Firebreak drill') + io.colours.dim('  on the embedded AWS: no time here is AWS latency'));
  let aws: EmbeddedAws | undefined;
  let folder: string | undefined;
  return untilInterrupted(
    async () => {
      aws = await show.step(
        'the embedded AWS',
        () => start(options, io),
        (started) => started.endpoint,
      );
      folder = await makeFolder();
      const prepared = await prepare(aws, show, folder);
      const documents: DrillDocument[] = [];
      for (const scenario of options.scenarios) {
        documents.push(await one(prepared, scenario, { options, show, folder: join(folder, scenario.facts.id) }));
      }
      summarise(documents, options, { aws, show, io });
      return documents;
    },
    async (interrupted) => {
      // Before it has started, its processes end with this one.
      if (!options.keep || interrupted) await aws?.stop();
      if (folder !== undefined) await forgetAssembly(folder);
    },
  );
}

async function start({ keep }: DrillOptions, io: Io): Promise<EmbeddedAws> {
  const log = (message: string): void => io.progress(`      ${message}`);
  if (keep && (await readState(firebreakHome()))) {
    throw new CommandError(
      "an embedded AWS runs already, with somebody's things in it; run 'firebreak local stop' first",
    );
  }
  return startEmbeddedAws({ waitScale: WAIT_SCALE, detached: keep, log });
}

/** Of this drill alone, with what it leaves behind: the reports. */
async function makeFolder(): Promise<string> {
  const drills = join(firebreakHome(), 'drills');
  await mkdir(drills, { recursive: true });
  const folder = join(drills, `${new Date().toISOString().replace(/[:.]/g, '-')}-${process.pid}`);
  await mkdir(folder); // Another drill's would be refused.
  return folder;
}

interface Where {
  readonly options: DrillOptions;
  readonly show: Show;
  readonly folder: string;
}

async function one({ world, skipped }: Prepared, scenario: Scenario, where: Where): Promise<DrillDocument> {
  const { options, show, folder } = where;
  const played = await play(world, scenario, show);
  const expectations: Expectation[] = [...played.expectations];
  const report = played.view
    ? await copyReport(world, played.view.incident.id, folder)
    : { html: null, markdown: null };
  if (report.html === null || report.markdown === null) {
    const missing = expectThat('the final report lies in the vault', false, 'it was not written');
    show.expectation(missing);
    expectations.push(missing);
  } else {
    show.line(`\n  Report: ${report.html}`);
    const [html, markdown] = await Promise.all([readFile(report.html, 'utf8'), readFile(report.markdown, 'utf8')]);
    for (const said of scenario.reported?.({ html, markdown }) ?? []) {
      show.expectation(said);
      expectations.push(said);
    }
    for (const expectation of played.view ? await expectReport(world, played.view.incident.id) : []) {
      show.expectation(expectation);
      expectations.push(expectation);
    }
  }
  const times = await measure(world, scenario, played, where);
  return {
    scenario: scenario.facts.id,
    passed: expectations.every(({ passed }) => passed),
    expectations,
    incidents: played.view ? [drillIncident(played.view)] : [],
    endpoint: world.aws.endpoint,
    report,
    skipped,
    ...(options.runs > 1 && times && { measured: times }),
  };
}

/** The scenario itself was the first run; a median of more needs users whose keys are not dead yet. */
async function measure({ ...world }: Prepared['world'], scenario: Scenario, played: Played, { options, show }: Where) {
  if (played.appliedMs === undefined) return undefined;
  const each = [played.appliedMs];
  if (scenario.facts.id === 'leaked-key') {
    for (let run = 2; run <= options.runs; run++) each.push(await measureOnce(world, run));
  }
  const times = measured(each);
  const how = times.runs === 1 ? '1 run' : `median of ${times.runs} runs`;
  show.line(
    `  From the record put to contained and read back: ${duration(times.median_ms)} (${how}; on the embedded AWS; not AWS latency)`,
  );
  return times;
}

function summarise(
  documents: readonly DrillDocument[],
  { keep }: DrillOptions,
  { aws, show, io }: { readonly aws: EmbeddedAws; readonly show: Show; readonly io: Io },
): void {
  const { bold, dim, green, red } = io.colours;
  const all = documents.flatMap(({ expectations }) => expectations);
  const failed = all.filter(({ passed }) => !passed);
  show.section('Not rehearsed, because no emulator has it');
  for (const text of documents[0]?.skipped ?? []) show.line(dim(`  - ${text}`));
  show.line();
  show.line(
    failed.length === 0
      ? green(bold(`All ${all.length} expectations are ok.`))
      : red(bold(`${failed.length} of ${all.length} expectations failed.`)),
  );
  if (!keep) return;
  show.line(
    `The embedded AWS runs on at ${aws.endpoint}; 'firebreak local stop' ends it and forgets everything in it.`,
  );
}
