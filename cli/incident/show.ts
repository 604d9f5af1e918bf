import type { Command } from 'commander';
import type { IncidentView } from '../../lambdas/triage/query/show-incident';
import { allRecords, recordName } from '../../lambdas/report/all-records';
import { reportSwept } from '../../lambdas/report/writer/swept';
import { timings } from '../../lambdas/report/timings';
import { exerciseLines } from '../../lambdas/shared/exercise';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, incidentId, withAws } from '../options';
import { readIncident } from '../read-incident';
import { columns, duration, print, safe, time } from '../print';

export function registerShow(parent: Command, io: Io): void {
  withAws(
    parent
      .command('show')
      .description('one incident: what it is about, what was done, the timeline')
      .argument('<incident>', 'its id', incidentId),
  ).action(async (id: string, options: AwsOptions) => {
    const firebreak = await Firebreak.find(options, io);
    const view = await readIncident(firebreak, id);
    print(io, options, view, () => page(view, io));
  });
}

function page(view: IncidentView, io: Io): string[] {
  const { incident, containments, merged } = view;
  const timeline = allRecords(view.timeline, merged);
  const { bold, dim, yellow } = io.colours;
  const heading = (text: string): string[] => ['', dim(text)];
  const { acknowledgement: ack } = incident;
  const times = timings(incident, timeline);
  return [
    ...exerciseLines(view.exercise).map((line) => yellow(bold(safe(line)))),
    `${bold(`${incident.severity}  ${safe(incident.title)}`)}  (${incident.status})`,
    incident.id,
    ...heading('facts'),
    ...columns([
      ['opened', time(incident.openedAt)],
      ['where', `${safe(incident.account)} ${safe(incident.region)}`],
      ['alerts', `${incident.alertCount} by ${incident.rules.length} rule${incident.rules.length === 1 ? '' : 's'}`],
      ...leftOut(view),
      [
        'people',
        ack ? `acknowledged by ${safe(ack.by)} at ${time(ack.at)}` : `not acknowledged; chain ${safe(incident.chain)}`,
      ],
      ...(merged.length === 0 ? [] : [['merged', merged.map((one) => safe(one.incident.id, 60)).join(', ')]]),
      ...(incident.mergedInto === undefined ? [] : [['goes on in', safe(incident.mergedInto, 60)]]),
      [
        'times',
        `detected ${duration(times.detect_ms)}, contained ${duration(times.contain_ms)}, acknowledged ${duration(times.acknowledge_ms)}`,
      ],
    ]),
    ...heading('entities'),
    ...columns(incident.entities.map((entity) => [entity.role, entity.kind, safe(entity.id), `(${entity.trust})`])),
    ...heading('containments'),
    ...(containments.length === 0 ? ['none'] : []),
    ...containments.flatMap(({ containment, actions }) => [
      `${containment.status}  ${safe(containment.runbook)} on ${safe(containment.target.id)}`,
      `  ${containment.id}${containment.reason === undefined ? '' : `: ${safe(containment.reason)}`}`,
      ...columns(actions.map((action) => ['  ', action.status, safe(action.action), safe(action.detail, 160)])),
    ]),
    ...sweptLines(reportSwept(timeline, incident.id), heading),
    ...heading('timeline'),
    ...columns(
      timeline.map((record) => [
        safe(recordName(record, incident.id), 80),
        time(record.at),
        record.stage,
        safe(record.text),
      ]),
    ),
  ];
}

/** The timeline tells of each alert; what is not in this answer is the alert itself, as it came. */
function leftOut({ alerts, alertsLeftOut = 0 }: IncidentView): string[][] {
  if (alertsLeftOut === 0) return [];
  const text = `--json has ${alerts.length} of ${alerts.length + alertsLeftOut} in full, the first of each rule and the newest; the incident store has them all`;
  return [['', text]];
}

/** What contained actors created or changed; nothing where nobody has looked, or found anything. */
function sweptLines(swept: ReturnType<typeof reportSwept>, heading: (text: string) => string[]): string[] {
  if (swept.length === 0) return [];
  return [
    ...heading('what the actor did since'),
    ...columns(
      swept.map(({ at, did, kind, id, call, by, runbook }) => [
        time(at),
        safe(`${did} ${kind}`, 60),
        safe(id),
        safe(`${call} by ${by}`, 160),
        runbook === undefined ? '' : safe(`handed to ${runbook}`, 80),
      ]),
    ),
  ];
}
