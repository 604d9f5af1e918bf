import { assertNever } from '../../lib/model/assert-never';
import { type Protocol } from './call';
import { type ServiceError } from './error-codes';

export interface WireError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Writes an error as the service would, so that the SDK raises it under the name that code catches. */
export function wireError(protocol: Protocol, error: ServiceError, message: string, requestId: string): WireError {
  const of = (type: string, body: string | Buffer, headers: Record<string, string> = {}): WireError => ({
    status: error.status,
    headers: { 'content-type': type, 'x-amzn-requestid': requestId, ...headers },
    body: Buffer.from(body),
  });
  const fault = error.status >= 500 ? 'Receiver' : 'Sender';
  const text = escapeXml(message);
  switch (protocol) {
    case 'json':
      return of('application/x-amz-json-1.1', JSON.stringify({ __type: error.code, message }), {
        'x-amzn-query-error': `${error.code};${fault}`, // SQS's clients read the old code from here.
      });
    case 'rest-json':
      return of('application/json', JSON.stringify({ message, Message: message, Type: fault }), {
        'x-amzn-errortype': error.code,
      });
    case 'query':
      return of(
        'text/xml',
        `<ErrorResponse><Error><Type>${fault}</Type><Code>${error.code}</Code><Message>${text}</Message></Error>` +
          `<RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
    case 'ec2':
      return of(
        'text/xml',
        `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>${error.code}</Code>` +
          `<Message>${text}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
      );
    case 'rest-xml':
      return of(
        'application/xml',
        `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${error.code}</Code><Message>${text}</Message>` +
          `<RequestId>${requestId}</RequestId></Error>`,
      );
    case 'cbor':
      return of('application/cbor', cborMap({ __type: error.code, message }), { 'smithy-protocol': 'rpc-v2-cbor' });
    default:
      return assertNever(protocol);
  }
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** RFC 8949, as much of it as a small map of texts needs. */
function cborMap(entries: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(entries);
  return Buffer.concat([Buffer.from([0xa0 + pairs.length]), ...pairs.flat().map(cborText)]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = bytes.length < 24 ? [0x60 + bytes.length] : [0x79, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}
