import type { Context } from 'aws-lambda';
import type { PageOutcome } from '../../../lib/model/recipient';
import { deployedExercise } from '../../shared/exercise';
import { requireEnv } from '../../shared/require-env';
import { incidentTable } from '../../shared/store/table';
import { nextState, type PageRequest, parseState } from '../requests';
import { send } from '../send/send';
import { pageLevel } from './page-level';
import { rehearsalRequest, rehearse, type Rehearsed } from './rehearse';

const url = requireEnv('ACKNOWLEDGE_URL');
const linkHours = Number(requireEnv('LINK_HOURS'));
const exercise = deployedExercise();

/** `Page <level>`, and `Rehearse the pages` */
export const handler = async (
  event: unknown,
  context: Context,
): Promise<ReturnType<typeof nextState<PageOutcome>> | Rehearsed> => {
  const rehearsal = rehearsalRequest(event);
  if (rehearsal) return rehearse(incidentTable(), rehearsal, url, new Date());
  const run = context.awsRequestId;
  const ask = parseState(event) as unknown as PageRequest;
  return pageLevel({ table: incidentTable(), url, linkHours, exercise, run, now: () => new Date(), send }, ask);
};
