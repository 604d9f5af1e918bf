import { type Command, Option } from 'commander';
import { INCIDENT_STATUSES, type Incident, type IncidentStatus } from '../../lib/model/incident';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, wholeNumber, withAws } from '../options';
import { columns, print, safe, time } from '../print';

interface Options extends AwsOptions {
  readonly status: IncidentStatus;
  readonly limit: number;
}

export function registerList(parent: Command, io: Io): void {
  withAws(
    parent
      .command('list')
      .description('incidents, newest first')
      .addOption(new Option('--status <status>', 'which').choices(INCIDENT_STATUSES).default('open'))
      .option('--limit <number>', 'how many at most', wholeNumber(1, 500), 50),
  ).action(async (options: Options) => {
    const firebreak = await Firebreak.find(options, io);
    const { status, limit } = options;
    const incidents = await firebreak.query<Incident[]>({ op: 'list', status, limit });
    print(io, options, incidents, () => (incidents.length === 0 ? [`No ${status} incidents.`] : table(incidents, io)));
  });
}

function table(incidents: readonly Incident[], io: Io): string[] {
  const { bold, dim, red, yellow } = io.colours;
  const rows = incidents.map((incident) => [
    incident.severity,
    incident.id,
    time(incident.openedAt),
    incident.acknowledgement ? `acknowledged by ${safe(incident.acknowledgement.by, 40)}` : 'not acknowledged',
    safe(incident.title, 100),
  ]);
  return columns([['', 'incident', 'opened', 'people', 'what'], ...rows], (cell, column) => {
    if (cell === 'SEV1') return red(cell);
    if (cell === 'SEV2') return yellow(cell);
    if (cell === 'not acknowledged') return yellow(cell);
    if (column === 4 && cell !== 'what') return bold(cell);
    return ['incident', 'opened', 'people', 'what'].includes(cell) ? dim(cell) : cell;
  });
}
