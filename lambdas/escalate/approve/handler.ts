import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { deployedExercise } from '../../shared/exercise';
import { incidentTable } from '../../shared/store/table';
import { decodeRequest } from '../links/request';
import { answer } from './answer';
import { wake } from './wake';

/** Bytes of a form: a name and a reason, of which each character may take twelve. */
const MAX_BODY = 8192;

const exercise = deployedExercise();

/** Answers the links by which people approve; payload format 2.0 of HTTP APIs and function URLs. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  return answer({ table: incidentTable(), now: () => new Date(), exercise, wake }, decodeRequest(event, MAX_BODY));
};
