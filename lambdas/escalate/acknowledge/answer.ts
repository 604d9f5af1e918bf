import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Incident } from '../../../lib/model/incident';
import { acknowledge, personName } from '../../shared/acknowledge';
import { isConflict } from '../../shared/store/retry-conflicts';
import { survivorOf } from '../../shared/store/survivor';
import type { Table } from '../../shared/store/table';
import { burnToken, findToken, isUsable, type TokenRecord } from '../../shared/store/tokens';
import { notValid } from '../links/page';
import type { LinkRequest } from '../links/request';
import { respond } from '../links/respond';
import * as pages from './pages';

type Response = APIGatewayProxyStructuredResultV2;

export interface AcknowledgeTools {
  readonly now: () => Date;
  /** What the deployment says that it rehearses. */
  readonly exercise?: string;
}

/**
 * Answers a link: GET and HEAD show, POST acts. Every link that cannot be used, for whatever reason, is answered the
 * same, before anything else is looked at: nobody learns whether it ever was one.
 */
export async function answer(table: Table, request: LinkRequest, tools: AcknowledgeTools): Promise<Response> {
  const token = await findToken(table, request.token, 'acknowledge', tools.now());
  // Whoever answers for an incident that was merged sees the one that goes on for it: that one pages.
  const incident = token && (await survivorOf(table, token.incidentId));
  if (!token || !incident) return respond(request.method, 404, notValid());
  if (request.method === 'POST') return post(table, request, token, incident, tools);
  return respond(request.method, 200, pages.show({ incident, exercise: tools.exercise }));
}

async function post(
  table: Table,
  request: LinkRequest,
  token: TokenRecord,
  incident: Incident,
  tools: AcknowledgeTools,
): Promise<Response> {
  const { exercise } = tools;
  const again = (status: number, problem: string) =>
    respond('POST', status, pages.show({ incident, exercise, problem }));
  const form = request.form();
  switch (form.kind) {
    case 'not-a-form':
      return again(415, 'This was not the form of this page. Write your name here.');
    case 'too-large':
      return again(413, 'That was too long. Write just your name.');
    case 'form':
  }
  const by = personName(form.fields['name'] ?? '');
  if (by === undefined) return again(400, 'Write your name: the others see who takes care.');
  return act(table, token, by, tools);
}

async function act(
  table: Table,
  token: TokenRecord,
  by: string,
  { now, exercise }: AcknowledgeTools,
): Promise<Response> {
  const shown = (incident: Incident) => respond('POST', 200, pages.show({ incident, exercise }));
  try {
    const result = await acknowledge(table, token.incidentId, { by, how: 'link', token }, now);
    if (result.outcome === 'acknowledged') return shown(result.incident);
    // Nothing was written, but the link has been used.
    const first = await burnToken(table, token, now());
    return first ? shown(result.incident) : respond('POST', 404, notValid());
  } catch (error) {
    // Somebody used the same link in between: what was written together was written by them.
    if (isConflict(error) && !(await isUsable(table, token, now()))) {
      return respond('POST', 404, notValid());
    }
    throw error;
  }
}
