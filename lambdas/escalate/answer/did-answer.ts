import type { AnswerOutcome } from '../../../lib/model/recipient';
import { recordOnce } from '../../shared/store/append-once';
import { getIncident } from '../../shared/store/incidents';
import type { Table } from '../../shared/store/table';
import { type AnswerRequest, nextState } from '../requests';
import { type Hold, holdOf, secondsUntil } from '../page/hold';
import { standing } from '../standing';
import { countUnanswered } from './metric';

async function snoozeOf(table: Table, incidentId: string, now: Date): Promise<Hold | undefined> {
  const incident = await getIncident(table, incidentId);
  return incident?.status === 'open' && !incident.acknowledgement ? holdOf(incident, undefined, now) : undefined;
}

/** After the wait: did somebody answer, is this level paged again, or is it the next one's turn? */
export async function didAnswer(
  table: Table,
  ask: AnswerRequest,
): Promise<ReturnType<typeof nextState<AnswerOutcome>>> {
  const { attempt, cycle, round, level } = ask;
  const now = new Date();
  const snoozed = await snoozeOf(table, ask.incidentId, now);
  // The same level is paged again when the quiet is over: its time has not run out, it was stopped.
  if (snoozed) return nextState(ask, 'held', { seconds: secondsUntil(snoozed.until, now) });
  const recorded: string[] = [];
  const incident = await recordOnce(
    table,
    ask.incidentId,
    `unanswered#${attempt}#${cycle}#${level}#${round}`,
    (before) => {
      if (standing(before, ask).kind !== 'open') return undefined;
      recorded.push(level);
      return {
        stage: 'escalate',
        kind: 'level-unanswered',
        text: `Nobody of level '${level}' acknowledged in time${round > ask.repeats ? '' : '; it is paged again'}`,
        by: `chain ${ask.chain}`,
        details: { level, attempt, cycle, round },
      };
    },
  );
  if (standing(incident, ask).kind !== 'open') return nextState(ask, 'answered');
  if (recorded.length > 0) countUnanswered(ask.chain);
  return round <= ask.repeats ? nextState(ask, 'repeat', { round: round + 1 }) : nextState(ask, 'next', { round: 1 });
}
