import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { buildReport } from '../../lambdas/report/writer/build-report';
import type { SuppressedCount } from '../../lambdas/shared/store/suppressions';
import { renderHtml } from '../../lambdas/report/writer/render-html';
import { renderMarkdown } from '../../lambdas/report/writer/render-markdown';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, incidentId, withAws } from '../options';
import { readIncident } from '../read-incident';
import { anchorsInVault } from '../vault';

interface Options extends AwsOptions {
  readonly html?: boolean;
  readonly markdown?: boolean;
  readonly out?: string;
}

export function registerReport(parent: Command, io: Io): void {
  withAws(
    parent
      .command('report')
      .description('write the report as it stands now, by the same engine as the one in the vault')
      .argument('<incident>', 'its id', incidentId)
      .addOption(new Option('--markdown', 'as Markdown (default)').conflicts('html'))
      .addOption(new Option('--html', 'as one self-contained HTML page').conflicts(['markdown', 'json']))
      .option('--out <file>', 'into this file instead of standard output'),
  ).action(async (id: string, options: Options) => {
    const firebreak = await Firebreak.find(options, io);
    // In this order: a head that is written meanwhile would be of records that were not read.
    const anchors = await anchorsInVault(firebreak, id);
    const view = await readIncident(firebreak, id);
    const report = buildReport({
      ...view,
      anchors,
      suppressed: await firebreak.query<SuppressedCount[]>({ op: 'suppressed' }),
      merged: await Promise.all(
        view.merged.map(async (one) => ({ ...one, anchors: await anchorsInVault(firebreak, one.incident.id) })),
      ),
      now: new Date(),
      final: false,
    });
    const text = options.json
      ? `${JSON.stringify(report, null, 2)}\n`
      : options.html
        ? renderHtml(report)
        : renderMarkdown(report);
    if (options.out === undefined) {
      io.out(text.endsWith('\n') ? text : `${text}\n`);
      return;
    }
    const file = resolve(io.cwd, options.out);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    io.err(`written: ${file}\n`);
  });
}
