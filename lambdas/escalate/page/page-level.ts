import type { Approval } from '../../../lib/model/approval';
import type { Incident } from '../../../lib/model/incident';
import type { TimelineEntry } from '../../../lib/model/timeline';
import type { ChannelTarget, LevelSnapshot, PageOutcome, RecipientTarget } from '../../../lib/model/recipient';
import { errorText } from '../../shared/aws-error';
import { neutralText } from '../../shared/neutral-text';
import { ESCALATION } from '../../shared/hand-over/chain';
import { waitingApprovals } from '../../shared/approvals/waiting-approvals';
import { noteAskedLevel } from '../../shared/store/approvals';
import { changeIncident, getIncident } from '../../shared/store/incidents';
import { claimPage, pageId, settlePage, type PageIdentity } from '../../shared/store/pages';
import { recordOnce } from '../../shared/store/append-once';
import type { Table } from '../../shared/store/table';
import { issueToken } from '../../shared/store/tokens';
import { nextState, type PageRequest } from '../requests';
import { send as sendToRecipient } from '../send/send';
import { standing } from '../standing';
import { approvalLine, mayApprove } from './approval-lines';
import { type Briefing, readBriefing } from './briefing';
import { pageContent } from './content';
import { type Hold, holdOf, secondsUntil } from './hold';
import { messageOf } from './message-of';
import { onCall } from './on-call';

/** What the page Lambda works with. */
export interface PageTools {
  readonly table: Table;
  /** Base of the links. */
  readonly url: string;
  readonly linkHours: number;
  /** What the deployment says that it rehearses. */
  readonly exercise?: string;
  /** Tells runs of the Lambda apart. */
  readonly run: string;
  readonly now: () => Date;
  readonly send: typeof sendToRecipient;
}

/**
 * Pages every recipient of a level at once, unless somebody answered. One that fails does not stop the others. Safe to
 * run again: what was sent stays sent.
 *
 * @throws AggregateError where the store failed for some; the others were paged, and a further run pages the rest.
 */
export async function pageLevel(
  tools: PageTools,
  ask: PageRequest,
): Promise<ReturnType<typeof nextState<PageOutcome>>> {
  const incident = await getIncident(tools.table, ask.incidentId);
  if (!incident) throw new Error(`incident '${ask.incidentId}' does not exist`);
  if (standing(incident, ask).kind !== 'open') return nextState(ask, 'answered');
  const now = tools.now();
  const hold = holdOf(incident, ask.level.businessHours, now);
  if (hold) {
    await recordHold(tools.table, ask, hold);
    return nextState(ask, 'held', { seconds: secondsUntil(hold.until, now) });
  }
  if (isPassedOver(incident, ask)) return nextState(ask, 'passed-over');

  const briefing = await readBriefing(tools.table, incident);
  const approvals = await waitingApprovals(tools.table, incident);
  for (const { id } of approvals) await noteAskedLevel(tools.table, id, ask.level.name);
  const inTurn = turnstile();
  const results = await Promise.allSettled(
    recipientsOf(ask.level, now).map((recipient) =>
      pageRecipient(tools, ask, { briefing, approvals }, recipient, inTurn),
    ),
  );
  const broken = results.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown);
  if (broken.length > 0) {
    throw new AggregateError(broken, `${broken.length} page(s) of level '${ask.level.name}': ${errorText(broken[0])}`);
  }
  if (results.some((result) => result.status === 'fulfilled' && result.value === 'sent')) {
    const seconds = ask.level.seconds?.[incident.severity];
    return nextState(ask, 'paged', seconds === undefined ? {} : { seconds });
  }
  await recordUnreachable(tools.table, ask);
  return nextState(ask, 'unreachable');
}

/** What a page is made from. */
interface News {
  readonly briefing: Briefing;
  readonly approvals: readonly Approval[];
}

/** People who were asked to decide and did not: the next level is asked, unless all were. Only the first time round. */
function isPassedOver({ handOvers }: Incident, { attempt, cycle, level, levels }: PageRequest): boolean {
  const escalation = handOvers[ESCALATION];
  const over = escalation?.attempt === attempt && cycle === 1 ? (escalation.passOver ?? []) : [];
  return over.includes(level.name) && levels?.some((name) => !over.includes(name)) === true;
}

type InTurn = <T>(step: () => Promise<T>) => Promise<T>;

/** Lets steps through one at a time: recipients are paged together, but the timeline has one end. */
function turnstile(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const mine = last.then(step, step);
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** Everybody of the level, and whose turn it is. */
function recipientsOf(level: LevelSnapshot, now: Date): readonly RecipientTarget[] {
  const turn = level.rotation && onCall(level.rotation, now);
  if (!turn || level.recipients.some(({ id }) => id === turn.id)) return level.recipients;
  return [...level.recipients, turn];
}

/**
 * A person's channels are tried in order: the next one only where one did not take the page. Who did not answer the first page gets the next one by all of them: SNS takes
 * text messages that no phone ever gets (a spent quota, no number to send from), so that "sent" alone proves nothing.
 */
async function pageRecipient(
  tools: PageTools,
  ask: PageRequest,
  news: News,
  recipient: RecipientTarget,
  inTurn: InTurn,
): Promise<'sent' | 'failed'> {
  if (recipient.kind !== 'person') return pageOne(tools, ask, news, recipient, inTurn);
  const everywhere = ask.attempt > 1 || ask.cycle > 1 || ask.round > 1;
  let paged: 'sent' | 'failed' = 'failed';
  for (const channel of recipient.channels) {
    const named = { ...channel, id: `${recipient.id}/${channel.id}`, label: `${recipient.label} by ${channel.label}` };
    if ((await pageOne(tools, ask, news, named, inTurn)) === 'sent') paged = 'sent';
    if (paged === 'sent' && !everywhere) break;
  }
  return paged;
}

async function pageOne(
  tools: PageTools,
  ask: PageRequest,
  news: News,
  recipient: ChannelTarget,
  inTurn: InTurn,
): Promise<'sent' | 'failed'> {
  const { table } = tools;
  const { incidentId, attempt, cycle, round } = ask;
  // Whoever pages has seen that it is over.
  const { snooze } = news.briefing.incident;
  const page: PageIdentity = {
    incidentId,
    attempt,
    cycle,
    round,
    level: ask.level.name,
    recipient: recipient.id,
    ...(snooze && { afterSnooze: snooze.until }),
  };
  const claim = await claimPage(table, page, tools.run, tools.now());
  if (claim === 'sent' || claim === 'failed') return claim;
  const failure =
    claim === 'given-up'
      ? 'sending it was interrupted twice, so nobody knows whether it arrived'
      : await trySending(tools, ask, news, recipient, page);
  const state = failure === undefined ? 'sent' : 'failed';
  await inTurn(() =>
    changeIncident(
      table,
      incidentId,
      () => ({
        entries: [entryOf(ask, page, recipient, failure)],
        also: [settlePage(table, page, state, tools.now())],
      }),
      tools.now,
    ),
  );
  return state;
}

/** Why it could not be sent; undefined where it was. */
async function trySending(
  tools: PageTools,
  ask: PageRequest,
  { briefing, approvals }: News,
  recipient: ChannelTarget,
  page: PageIdentity,
): Promise<string | undefined> {
  const id = pageId(page);
  const now = tools.now();
  // A page that is sent again gets a token of its own: the first one's is stored as a hash only.
  const link = {
    incidentId: ask.incidentId,
    pageId: id,
    level: ask.level.name,
    recipient: recipient.label,
    expiresAt: Math.floor(now.getTime() / 1000) + Math.round(tools.linkHours * 60 * 60),
  };
  const token = await issueToken(tools.table, { ...link, purpose: 'acknowledge' });
  const lines = await Promise.all(
    approvals.map(async (approval) => {
      if (!mayApprove(approval, briefing.incident, recipient)) return approvalLine(approval, undefined);
      const { id: approvalId, containmentId, planHash } = approval;
      const approves = { approvalId, containmentId, planHash, recipientId: recipient.id };
      const decides = await issueToken(tools.table, { ...link, purpose: 'approve', approves });
      return approvalLine(approval, `${tools.url}/p/${decides}`);
    }),
  );
  const { chain, attempt, cycle, round } = ask;
  const place = { pageId: id, chain, level: ask.level.name, attempt, cycle, round, approvals: lines };
  const ours = { link: `${tools.url}/a/${token}`, sentAt: now.toISOString(), exercise: tools.exercise };
  const content = pageContent(briefing, { ...place, ...ours });
  try {
    await tools.send(recipient, messageOf(content), now);
    return undefined;
  } catch (error) {
    return reasonOf(error, recipient);
  }
}

/** Errors of AWS repeat the number that they are about. */
function reasonOf(error: unknown, recipient: ChannelTarget): string {
  const reason = neutralText(errorText(error), 300);
  return recipient.kind === 'sms' ? reason.replaceAll(recipient.phoneNumber, recipient.label) : reason;
}

function entryOf(
  ask: PageRequest,
  page: PageIdentity,
  recipient: ChannelTarget,
  failure: string | undefined,
): TimelineEntry {
  const { attempt, cycle, round, level } = page;
  const details = { pageId: pageId(page), level, recipient: recipient.label, attempt, cycle, round };
  const who = `${recipient.label} (level '${level}')`;
  const common = { stage: 'escalate', by: `chain ${ask.chain}` } as const;
  return failure === undefined
    ? { ...common, kind: 'page-sent', text: `Paged ${who}`, details }
    : {
        ...common,
        kind: 'page-failed',
        text: `Could not page ${who}: ${failure}`,
        details: { ...details, reason: failure },
      };
}

/** Once for each hold: looked at again every day, it is no news. */
async function recordHold(table: Table, ask: PageRequest, { until, because }: Hold): Promise<void> {
  const { attempt, cycle, round } = ask;
  const level = ask.level.name;
  const at = until.toISOString();
  await recordOnce(table, ask.incidentId, `held#${attempt}#${cycle}#${level}#${round}#${at}`, () => ({
    stage: 'escalate',
    kind: 'page-held',
    text: `Level '${level}' is paged at ${at}: ${because}`,
    by: `chain ${ask.chain}`,
    details: { level, attempt, cycle, round, until: at },
  }));
}

async function recordUnreachable(table: Table, ask: PageRequest): Promise<void> {
  const { attempt, cycle, round } = ask;
  const level = ask.level.name;
  await recordOnce(table, ask.incidentId, `unreachable#${attempt}#${cycle}#${level}#${round}`, () => ({
    stage: 'escalate',
    kind: 'level-unanswered',
    text: `Nobody of level '${level}' could be reached; the next level is paged at once`,
    by: `chain ${ask.chain}`,
    details: { level, attempt, cycle, round, unreachable: true },
  }));
}
