import { isJsonObject, type JsonObject } from '../../../lib/model/json';

/** What a contain machine asks of a function. */
export interface ContainRequest {
  readonly containmentId: string;
  readonly attempt: number;
  /** ARN of the execution that asks. */
  readonly execution: string;
  readonly op: string;
  readonly action?: string;
  readonly fence: number;
  /** False where the payload says no fence at all: the machine may be of a version that passes none there. */
  readonly saysFence: boolean;
  readonly waits: number;
  /** Why a guard rail would refuse, where only a plan is wanted; empty where none would. */
  readonly refusal: string;
  /** Why people are asked for their approval. */
  readonly reason: string;
  /** How often it had been undone before, as the last reading knew it. */
  readonly timesUndone: number;
}

/** What a release machine asks. */
export interface ReleaseRequest {
  readonly containmentId: string;
  readonly incidentId: string;
  readonly by: string;
  readonly reason: string;
  readonly force: boolean;
  readonly reactivateKeys: boolean;
  readonly execution: string;
  readonly op: string;
  readonly action?: string;
  readonly fence: number;
  readonly waits: number;
}

/** @throws Error that names what is missing: the machine and the function are of different versions. */
export function parseContainRequest(event: unknown): ContainRequest {
  const payload = checkVersion(event);
  return {
    containmentId: text(payload, 'containmentId'),
    attempt: count(payload, 'attempt'),
    execution: text(payload, 'execution'),
    op: typeof payload['op'] === 'string' ? payload['op'] : '',
    ...(typeof payload['action'] === 'string' && { action: payload['action'] }),
    fence: typeof payload['fence'] === 'number' ? payload['fence'] : 0,
    saysFence: typeof payload['fence'] === 'number',
    waits: typeof payload['waits'] === 'number' ? payload['waits'] : 0,
    refusal: typeof payload['refusal'] === 'string' ? payload['refusal'] : '',
    reason: typeof payload['reason'] === 'string' ? payload['reason'] : '',
    timesUndone: typeof payload['timesUndone'] === 'number' ? payload['timesUndone'] : 0,
  };
}

/** @throws Error as above. */
export function parseReleaseRequest(event: unknown): ReleaseRequest {
  const payload = checkVersion(event);
  return {
    containmentId: text(payload, 'containmentId'),
    incidentId: text(payload, 'incidentId'),
    by: text(payload, 'by'),
    reason: typeof payload['reason'] === 'string' ? payload['reason'] : '',
    force: payload['force'] === true,
    reactivateKeys: payload['reactivateKeys'] === true,
    execution: text(payload, 'execution'),
    op: text(payload, 'op'),
    ...(typeof payload['action'] === 'string' && { action: payload['action'] }),
    fence: typeof payload['fence'] === 'number' ? payload['fence'] : 0,
    waits: typeof payload['waits'] === 'number' ? payload['waits'] : 0,
  };
}

function checkVersion(event: unknown): JsonObject {
  if (!isJsonObject(event)) throw new Error(`the payload must be an object, got ${typeof event}`);
  if (event['schemaVersion'] !== 1) {
    throw new Error(
      `the payload has schemaVersion ${JSON.stringify(event['schemaVersion'])}; this function understands 1`,
    );
  }
  return event;
}

function text(payload: JsonObject, name: string): string {
  const value = payload[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`the payload needs '${name}', a text; got ${JSON.stringify(value)}`);
}

function count(payload: JsonObject, name: string): number {
  const value = payload[name];
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw new Error(`the payload needs '${name}', a whole number from 1; got ${JSON.stringify(value)}`);
}
