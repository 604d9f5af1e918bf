/** What a canary asks Parameter Store to delete; nothing is ever there. */
const PREFIX = '/firebreak/canary/';
/** 128 bits in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{22}$/;

/** The rule that a canary's event matches; made for each stack, with the stack's own place in it. */
export const CANARY_RULE_ID = '5b0ba6f6-8c1f-5d7c-9d5c-6f0c7a4c9e21';

/** Names that belong to the canaries of one stack. */
export function canaryPlace(stack: string): string {
  return `${PREFIX}${stack}/`;
}

/** The token at the end of a name; undefined where it is no name of a canary. */
export function canaryToken(name: string): string | undefined {
  if (!name.startsWith(PREFIX)) return undefined;
  const token = name.slice(name.lastIndexOf('/') + 1);
  return TOKEN.test(token) ? token : undefined;
}

/** How the newest canary fared, and the last one that came through. Times are ISO 8601. */
export interface CanaryState {
  readonly sentAt?: string;
  /** When the last one had come all the way. */
  readonly passedAt?: string;
  /** How long that one took. */
  readonly seconds?: number;
  /** By which way its event came first. */
  readonly via?: string;
}
