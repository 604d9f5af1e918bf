import { markExercise } from '../../../lib/model/exercise';
import { exerciseLines } from '../../shared/exercise';
import { neutralText } from '../../shared/neutral-text';
import { utcSecond } from '../../report/writer/time-text';
import { emailSubject, MAX_SUBJECT } from '../page/email';
import { slackMessage } from '../page/slack';
import { teamsMessage } from '../page/teams';
import { unlinked } from '../page/unlinked';
import type { UpdateMessage } from '../send/message';
import type { IncidentUpdate, UpdateContent } from './content';

export const UPDATE_SCHEMA_VERSION = 1;
const MAX_LINE = 300;
const MAX_ID = 100;

const says = (text: string) => unlinked(text, MAX_LINE);

/**
 * An update in the form of every medium that does not ring. There is nothing in it to click, and nothing by which
 * anybody could acknowledge, approve or read more than it says.
 */
export function updateMessage(update: UpdateContent): UpdateMessage {
  const title = markExercise(titleOf(update), update.exercise);
  const exercise = exerciseLines(update.exercise).map(says);
  const body = update.incidents.flatMap((incident) => incidentLines(incident));
  const more = moreLines(update);
  return {
    id: update.updateId,
    email: { subject: subjectOf(update), text: emailText(update, [...exercise, ...body, ...more]) },
    json: JSON.stringify(json(update)),
    slack: slackMessage(title, [...exercise, ...more, ...body, FOOTER]),
    teams: teamsMessage(title, [...exercise, ...more, ...body.filter((line) => line !== ''), FOOTER]),
  };
}

const FOOTER = 'This is an update, no page: nothing is asked of you.';

function titleOf({ incidents, more }: UpdateContent): string {
  const [first, ...others] = incidents;
  const total = others.length + 1 + more;
  if (!first || total > 1) return `Updates on ${total} security incidents`;
  return `Update on a security incident, ${first.severity}: ${says(first.title)}`;
}

function subjectOf(update: UpdateContent): string {
  const [first, ...others] = update.incidents;
  if (!first || others.length + update.more > 0) {
    return markExercise(titleOf(update), update.exercise).slice(0, MAX_SUBJECT);
  }
  return emailSubject({ ...first, title: `Update: ${first.title}`, exercise: update.exercise });
}

function incidentLines(incident: IncidentUpdate): string[] {
  const { lines, earlier, containments, standing } = incident;
  return [
    `${incident.severity}: ${says(incident.title)}`,
    `Incident ${says(incident.incidentId)} in account ${says(incident.account)}, ${says(incident.region)}, opened ${utcSecond(incident.openedAt)}`,
    ...(earlier > 0 ? [`${earlier} earlier lines are left out.`] : []),
    ...lines.map(({ at, text }) => `${utcSecond(at)}: ${says(text)}`),
    `Now: ${says(standing)}`,
    ...containments.map((text) => `Now: ${says(text)}`),
    '',
  ];
}

function moreLines({ more }: UpdateContent): string[] {
  return more === 0
    ? []
    : [
        `${more} further ${more === 1 ? 'incident has' : 'incidents have'} news for which there is no room here; ask the people who respond.`,
        '',
      ];
}

function emailText({ stakeholder, events, updateId, sentAt }: UpdateContent, body: readonly string[]): string {
  return `${[
    ...body,
    `You are told as '${stakeholder}', who asked for: ${events.join(', ')}. SEV1 is the worst, SEV4 the least.`,
    FOOTER,
    `Sent ${utcSecond(sentAt)}. ${updateId}`,
    'Dots and addresses are written [.] and [at], because an attacker may have chosen them: never follow them.',
  ].join('\n')}\n`;
}

/** As machines get it. Fields are only ever added within a version. */
function json({ updateId, stakeholder, incidents, more, sentAt, exercise }: UpdateContent) {
  const exact = (id: string) => neutralText(id, MAX_ID);
  return {
    schemaVersion: UPDATE_SCHEMA_VERSION,
    type: 'update',
    updateId,
    stakeholder,
    sentAt,
    ...(exercise !== undefined && { exercise: says(exercise) }),
    incidents: incidents.map(({ lines, earlier, containments, standing, ...incident }) => ({
      id: exact(incident.incidentId),
      severity: incident.severity,
      title: says(incident.title),
      account: exact(incident.account),
      region: exact(incident.region),
      openedAt: exact(incident.openedAt),
      news: lines.map(({ event, at, sequence, text }) => ({
        event,
        at: exact(at),
        record: sequence,
        text: says(text),
      })),
      earlierNews: earlier,
      standing: says(standing),
      containments: containments.map(says),
    })),
    moreIncidents: more,
  };
}
