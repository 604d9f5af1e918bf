import type { FinishOutcome } from '../../../lib/model/recipient';
import { incidentTable } from '../../shared/store/table';
import { type FinishRequest, nextState, parseState } from '../requests';
import { finish } from './finish';

/** `Somebody answered` and `Nobody answered` */
export const handler = async (event: unknown): Promise<ReturnType<typeof nextState<FinishOutcome>>> => {
  return finish(incidentTable(), parseState(event) as unknown as FinishRequest);
};
