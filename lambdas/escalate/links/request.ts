import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** Bytes of a form with a name and a reason in it; each character may take twelve. */
const MAX_BODY = 8192;

export type FormBody =
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-a-form' };

export interface LinkRequest {
  readonly method: string;
  /** The last part of the path, whatever it is. */
  readonly token: string;
  /** Read when it is needed: only a POST has one. */
  readonly form: () => FormBody;
}

/** Takes the token off the end of the path, so that an endpoint with a prefix of its own works too. */
export function decodeRequest(event: APIGatewayProxyEventV2): LinkRequest {
  return {
    method: event.requestContext.http.method,
    token: /\/[ap]\/([^/]*)$/.exec(event.rawPath)?.[1] ?? '',
    form: () => decodeForm(event),
  };
}

function decodeForm(event: APIGatewayProxyEventV2): FormBody {
  // API Gateway spells header names in lower case.
  const type = event.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return { kind: 'not-a-form' };
  const body = event.body ?? '';
  if (body.length > MAX_BODY * 2) return { kind: 'too-large' };
  const bytes = Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY) return { kind: 'too-large' };
  return { kind: 'form', fields: Object.fromEntries(new URLSearchParams(bytes.toString('utf8'))) };
}
