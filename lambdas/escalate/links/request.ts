import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** Bytes of a form with one name in it. */
const MAX_BODY = 4096;

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
export function decodeRequest(event: APIGatewayProxyEventV2, maxBody = MAX_BODY): LinkRequest {
  return {
    method: event.requestContext.http.method,
    token: /\/[ap]\/([^/]*)$/.exec(event.rawPath)?.[1] ?? '',
    form: () => decodeForm(event, maxBody),
  };
}

function decodeForm(event: APIGatewayProxyEventV2, maxBody: number): FormBody {
  // API Gateway spells header names in lower case.
  const type = event.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return { kind: 'not-a-form' };
  const body = event.body ?? '';
  if (body.length > maxBody * 2) return { kind: 'too-large' };
  const bytes = Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBody) return { kind: 'too-large' };
  return { kind: 'form', fields: Object.fromEntries(new URLSearchParams(bytes.toString('utf8'))) };
}
