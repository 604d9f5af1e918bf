import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { STYLE_HASH } from './page';

/** One style sheet by its hash, one form to this origin, and nothing else: no script, no frame, no image. */
const POLICY = [
  "default-src 'none'",
  `style-src '${STYLE_HASH}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** The same headers whatever is answered. HEAD gets those of GET, and no body. */
export function respond(method: string, statusCode: number, body: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-robots-tag': 'noindex, nofollow',
    },
    body: method === 'HEAD' ? '' : body,
  };
}
