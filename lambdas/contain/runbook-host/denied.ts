import { isNamed } from '../../shared/aws-error';

/** An action that changes something, and named nothing that it may change: there are no credentials for that. */
export class NothingNamedError extends Error {
  override readonly name = 'NothingNamedError';
}

/** How services say that no policy allows a call, and how we do. Nothing has happened then. */
const DENIED = [
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationErrorException',
  'NothingNamedError',
  'UnauthorizedOperation',
];

export function isDenied(error: unknown): boolean {
  return isNamed(error, ...DENIED);
}
