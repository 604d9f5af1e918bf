import type { AnswerOutcome } from '../../../lib/model/recipient';
import { incidentTable } from '../../shared/store/table';
import { type AnswerRequest, nextState, parseState } from '../requests';
import { didAnswer } from './did-answer';

/** `Did <level> answer?` */
export const handler = async (event: unknown): Promise<ReturnType<typeof nextState<AnswerOutcome>>> => {
  return didAnswer(incidentTable(), parseState(event) as unknown as AnswerRequest);
};
