import { neutralText } from '../lambdas/shared/neutral-text';
import { CommandError } from './command-error';

interface AwsError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ECONNRESET',
]);
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);
const NOT_VALID = new Set([
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'AuthFailure',
  'InvalidAccessKeyId',
]);
const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'AuthorizationError',
  'AuthorizationErrorException',
]);

/** What went wrong, as one sentence that names the place and what to do. The stack is for `--debug`. */
export function explainError(error: unknown, env: NodeJS.ProcessEnv): string {
  if (error instanceof CommandError) return error.message;
  if (!(error instanceof Error)) return neutralText(error);
  const { name, message } = error;
  const code = unreachable(error);
  if (code !== undefined) {
    const endpoint = env.AWS_ENDPOINT_URL;
    return endpoint === undefined
      ? `AWS does not answer (${neutralText(message)}); check the network and the Region`
      : `nothing answers at ${endpoint} (${code}); start what should run there, or unset AWS_ENDPOINT_URL`;
  }
  if (name === 'CredentialsProviderError') {
    return `no AWS credentials were found (${neutralText(message)}); sign in, or name a profile by --profile`;
  }
  if (message.startsWith('Region is missing')) {
    return 'no Region is set; give --region, or set AWS_REGION, or `region` in firebreak.yaml';
  }
  if (EXPIRED.has(name)) return 'the AWS credentials have expired; sign in again';
  if (NOT_VALID.has(name))
    return `AWS does not accept these credentials (${name}); sign in, or name a profile by --profile`;
  if (DENIED.has(name)) {
    return `${neutralText(message)} (${name}); ask whoever deployed Firebreak for grantRead() or grantRespond()`;
  }
  const status = (error as AwsError).$metadata?.httpStatusCode;
  return `${name}: ${neutralText(message, 2000)}${status === undefined ? '' : ` (HTTP ${status})`}`;
}

/** The code of a connection that failed. Node and the SDK wrap it, sometimes in an AggregateError of both address families. */
function unreachable(error: Error): string | undefined {
  const causes: unknown[] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const codes = [error, error.cause, ...causes].map((one) => (one as AwsError | undefined)?.code);
  const inMessage = /\b(E[A-Z_]{5,})\b/.exec(error.message)?.[1];
  return [...codes, inMessage].find((code) => code !== undefined && UNREACHABLE.has(code));
}
