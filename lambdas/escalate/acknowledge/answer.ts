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

/**
 * Answers a link: GET and HEAD show, POST acts. Every link that cannot be used, for whatever reason, is answered the
 * same, before anything else is looked at: nobody learns whether it ever was one.
 */
export async function answer(table: Table, request: LinkRequest, now: () => Date): Promise<Response> {
  const token = await findToken(table, request.token, 'acknowledge', now());
  // Whoever answers for an incident that was merged sees the one that goes on for it: that one pages.
  const incident = token && (await survivorOf(table, token.incidentId));
  if (!token || !incident) return respond(request.method, 404, notValid());
  if (request.method === 'POST') return post(table, request, token, incident, now);
  return respond(request.method, 200, pages.show(incident));
}

async function post(
  table: Table,
  request: LinkRequest,
  token: TokenRecord,
  incident: Incident,
  now: () => Date,
): Promise<Response> {
  const form = request.form();
  switch (form.kind) {
    case 'not-a-form':
      return respond('POST', 415, pages.show(incident, 'This was not the form of this page. Write your name here.'));
    case 'too-large':
      return respond('POST', 413, pages.show(incident, 'That was too long. Write just your name.'));
    case 'form':
  }
  const by = personName(form.fields['name'] ?? '');
  if (by === undefined)
    return respond('POST', 400, pages.show(incident, 'Write your name: the others see who takes care.'));
  return act(table, token, by, now);
}

async function act(table: Table, token: TokenRecord, by: string, now: () => Date): Promise<Response> {
  try {
    const result = await acknowledge(table, token.incidentId, { by, how: 'link', token }, now);
    if (result.outcome === 'acknowledged') return respond('POST', 200, pages.show(result.incident));
    // Nothing was written, but the link has been used.
    const first = await burnToken(table, token, now());
    return first ? respond('POST', 200, pages.show(result.incident)) : respond('POST', 404, notValid());
  } catch (error) {
    // Somebody used the same link in between: what was written together was written by them.
    if (isConflict(error) && !(await isUsable(table, token, now()))) {
      return respond('POST', 404, notValid());
    }
    throw error;
  }
}
