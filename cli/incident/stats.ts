import type { Command } from 'commander';
import { COUNTED, type Counted, type Distribution } from '../../lambdas/report/statistics';
import type { StatsAnswer } from '../../lambdas/triage/query/stats';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, wholeNumber, withAws } from '../options';
import { columns, duration, print, safe, time } from '../print';

interface Options extends AwsOptions {
  readonly days: number;
}

const NAMES: Readonly<Record<Counted, string>> = {
  detect_ms: 'detect',
  acknowledge_ms: 'acknowledge',
  contain_ms: 'contain',
  recover_ms: 'recover',
};

export function registerStats(parent: Command, io: Io): void {
  withAws(
    parent
      .command('stats')
      .description('how fast and how right: times, alerts by rule, suppressed, false positives, failed containments')
      .option('--days <number>', 'incidents opened in so many last days', wholeNumber(1, 366), 30),
  ).action(async (options: Options) => {
    const firebreak = await Firebreak.find(options, io);
    const stats = await firebreak.query<StatsAnswer>({ op: 'stats', days: options.days });
    print(io, options, stats, () => page(stats, io));
  });
}

function page(stats: StatsAnswer, io: Io): string[] {
  const { dim } = io.colours;
  const heading = (text: string): string[] => ['', dim(text)];
  const { failedContainments: failed } = stats;
  const more = stats.truncated ? '; there are more, and the newest are counted' : '';
  return [
    `${stats.incidents} incidents since ${time(stats.since)} (${stats.open} open, ${stats.falsePositives} false positives, ${stats.merged} merged into others)${more}`,
    ...heading('time to'),
    ...columns([
      ['', 'mean', 'median', 'p90', 'of', 'left out'],
      ...COUNTED.map((name) => [NAMES[name], ...row(stats.times[name])]),
    ]),
    ...heading('failed containments'),
    `${failed.failed} failed, ${failed.notHeld} did not hold, ${failed.refused} refused by a guard rail`,
    ...heading('alerts by rule'),
    ...columns([
      ['alerts', 'incidents', 'false positives', 'rule'],
      ...stats.rules.map(({ rule, alerts, incidents, falsePositives }) => [
        String(alerts),
        String(incidents),
        String(falsePositives),
        safe(rule, 100),
      ]),
    ]),
    ...heading('suppressed, ever'),
    ...(stats.suppressed.length === 0 ? ['nothing'] : []),
    ...columns(stats.suppressed.map(({ name, owner, count }) => [String(count), safe(name, 60), safe(owner, 60)])),
  ];
}

function row({ mean, median, p90, count, missing, negative }: Distribution): string[] {
  const left = [...(missing > 0 ? [`${missing} not known`] : []), ...(negative > 0 ? [`${negative} negative`] : [])];
  return [duration(mean), duration(median), duration(p90), String(count), left.join(', ') || '–'];
}
