import { isNamed } from '../../shared/aws-error';

/** How services say that no policy allows a call. Nothing has happened then. */
const DENIED = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AuthorizationErrorException'];

export function isDenied(error: unknown): boolean {
  return isNamed(error, ...DENIED);
}
