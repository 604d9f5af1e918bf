import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { incidentTable } from '../../shared/store/table';
import { decodeRequest } from '../links/request';
import { answer } from './answer';
import { wake } from './wake';

/** Answers the links by which people approve; payload format 2.0 of HTTP APIs and function URLs. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  return answer({ table: incidentTable(), now: () => new Date(), wake }, decodeRequest(event));
};
