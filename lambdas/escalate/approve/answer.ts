import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Approval } from '../../../lib/model/approval';
import type { Incident } from '../../../lib/model/incident';
import { personName } from '../../shared/acknowledge';
import { decideApproval, MAX_REASON } from '../../shared/approvals/decide-approval';
import { neutralText } from '../../shared/neutral-text';
import { getApproval } from '../../shared/store/approvals';
import { survivorOf } from '../../shared/store/survivor';
import type { Table } from '../../shared/store/table';
import { burnToken, findToken, type TokenRecord } from '../../shared/store/tokens';
import { notValid } from '../links/page';
import type { LinkRequest } from '../links/request';
import { respond } from '../links/respond';
import { show } from './pages';

type Response = APIGatewayProxyStructuredResultV2;

export interface ApproveTools {
  readonly table: Table;
  readonly now: () => Date;
  /** What the deployment says that it rehearses. */
  readonly exercise?: string;
  /** Has what was decided started at once. */
  readonly wake: () => Promise<void>;
}

/** A link that can be used, and what it is about. */
interface Opened {
  readonly token: TokenRecord;
  readonly approval: Approval;
  readonly incident: Incident;
}

/**
 * Answers a link: GET and HEAD show the plan, POST decides. Every link that cannot be used, for whatever reason, is
 * answered the same, before anything else is looked at.
 */
export async function answer(tools: ApproveTools, request: LinkRequest): Promise<Response> {
  const opened = await open(tools, request.token);
  if (!opened) return respond(request.method, 404, notValid());
  if (request.method === 'POST') return post(tools, request, opened);
  return respond(request.method, 200, show({ ...opened, ...around(tools) }));
}

/** A link is worth something for the one plan, containment and incident that it was sent for. */
async function open({ table, now }: ApproveTools, text: string): Promise<Opened | undefined> {
  const token = await findToken(table, text, 'approve', now());
  const about = token?.approves;
  const approval = about && (await getApproval(table, about.approvalId));
  // Either may have been merged into another one since.
  const incident = approval && (await survivorOf(table, approval.incidentId));
  const told = token && (await survivorOf(table, token.incidentId));
  if (!token || !approval || !incident) return undefined;
  const bound =
    told?.id === incident.id && about.planHash === approval.planHash && about.containmentId === approval.containmentId;
  return bound ? { token, approval, incident } : undefined;
}

async function post(tools: ApproveTools, request: LinkRequest, opened: Opened): Promise<Response> {
  const form = request.form();
  const again = (status: number, problem: string) =>
    respond('POST', status, show({ ...opened, ...around(tools), problem }));
  switch (form.kind) {
    case 'not-a-form':
      return again(415, 'This was not the form of this page. Decide here.');
    case 'too-large':
      return again(413, 'That was too long. Write your name, and one sentence why.');
    case 'form':
  }
  const by = personName(form.fields['name'] ?? '');
  const reason = neutralText(form.fields['reason'] ?? '', MAX_REASON);
  const decision = form.fields['decision'];
  if (decision !== 'approve' && decision !== 'decline') return again(400, 'Choose: approve or decline.');
  if (by === undefined) return again(400, 'Write your name: the record says who decided.');
  if (reason === '') return again(400, 'Write why: the record says so.');
  return decide(tools, opened, { approve: decision === 'approve', by, reason });
}

async function decide(
  tools: ApproveTools,
  { token, approval, incident }: Opened,
  ask: { readonly approve: boolean; readonly by: string; readonly reason: string },
): Promise<Response> {
  const result = await decideApproval(
    tools.table,
    approval.id,
    { ...ask, how: 'link', planHash: token.approves?.planHash ?? '', token },
    tools.now,
  );
  switch (result.outcome) {
    case 'decided':
      await tools.wake();
      return respond('POST', 200, show({ token, approval: result.approval, incident, ...around(tools) }));
    case 'token-used':
      return respond('POST', 404, notValid());
    case 'not-decided': {
      // Nothing was written, but the link has been used.
      const first = await burnToken(tools.table, token, tools.now());
      if (!first) return respond('POST', 404, notValid());
      const { approval: now, because } = result;
      return respond('POST', 200, show({ token, approval: now, incident, ...around(tools), closed: because }));
    }
  }
}

/** What a page says whatever it is about. */
function around({ now, exercise }: ApproveTools): Pick<Parameters<typeof show>[0], 'now' | 'exercise'> {
  return { now: now(), exercise };
}
