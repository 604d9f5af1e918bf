import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { deployedExercise } from '../../shared/exercise';
import { incidentTable } from '../../shared/store/table';
import { answer } from './answer';
import { decodeRequest } from '../links/request';

const exercise = deployedExercise();

/** Answers the links in pages; payload format 2.0 of HTTP APIs and function URLs. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  return answer(incidentTable(), decodeRequest(event), { now: () => new Date(), exercise });
};
