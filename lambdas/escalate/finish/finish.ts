import type { FinishOutcome } from '../../../lib/model/recipient';
import { errorText } from '../../shared/aws-error';
import { recordOnce } from '../../shared/store/append-once';
import type { Table } from '../../shared/store/table';
import { type FinishRequest, nextState } from '../requests';
import { sendPagerDuty } from '../send/pager-duty';
import { standing } from '../standing';
import { answeredEvent } from '../page/pager-duty';

type Finished = ReturnType<typeof nextState<FinishOutcome>>;

/** Records how an escalation ended. */
export async function finish(table: Table, ask: FinishRequest): Promise<Finished> {
  return ask.why === 'answered' ? answered(table, ask) : exhausted(table, ask);
}

async function answered(table: Table, ask: FinishRequest): Promise<Finished> {
  const incident = await recordOnce(table, ask.incidentId, `ended#${ask.attempt}`, (before) => {
    const how = standing(before, ask);
    // Voided in this very moment: the next attempt, which is pending, pages.
    const because = how.kind === 'open' ? 'the acknowledgement was voided' : how.because;
    return {
      stage: 'escalate',
      kind: 'escalation-ended',
      text: `Paging ended: ${because}`,
      by: `chain ${ask.chain}`,
      details: { attempt: ask.attempt, cycle: ask.cycle },
    };
  });
  const { kind } = standing(incident, ask);
  // The pager knows each incident by its own key: one that was merged is over there, and the other one rings.
  if (kind === 'closed' || kind === 'merged') await tellPagers(ask, 'resolve');
  if (kind === 'acknowledged') await tellPagers(ask, 'acknowledge');
  return nextState(ask, 'answered');
}

/** A courtesy: a pager that cannot be told rings a little longer. */
async function tellPagers(ask: FinishRequest, action: 'acknowledge' | 'resolve'): Promise<void> {
  const told = await Promise.allSettled(
    ask.pagers.map((pager) =>
      pager.kind === 'pager-duty' ? sendPagerDuty(pager, answeredEvent(ask, action)) : Promise.resolve(),
    ),
  );
  for (const failed of told.filter((result) => result.status === 'rejected')) {
    console.warn({ message: 'pager not told', incidentId: ask.incidentId, action, error: errorText(failed.reason) });
  }
}

async function exhausted(table: Table, ask: FinishRequest): Promise<Finished> {
  const { attempt, cycle, startAgain } = ask;
  const again = cycle <= startAgain;
  const incident = await recordOnce(table, ask.incidentId, `exhausted#${attempt}#${cycle}`, (before) =>
    standing(before, ask).kind === 'open'
      ? {
          stage: 'escalate',
          kind: 'escalation-exhausted',
          text: `Nobody answered at any level; the alarm is raised${again ? ' and the chain starts again' : ''}`,
          by: `chain ${ask.chain}`,
          details: { attempt, cycle },
        }
      : undefined,
  );
  if (standing(incident, ask).kind !== 'open') return nextState(ask, 'answered');
  return again ? nextState(ask, 'again', { cycle: cycle + 1, round: 1 }) : nextState(ask, 'over');
}
