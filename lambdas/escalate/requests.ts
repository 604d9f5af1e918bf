import { isJsonObject, type Json, type JsonObject } from '../../lib/model/json';
import type { EscalationState, LevelSnapshot, RecipientTarget } from '../../lib/model/recipient';

/** What the state machine asks of the page Lambda. */
export interface PageRequest extends EscalationState {
  readonly chain: string;
  readonly level: LevelSnapshot;
}

export interface AnswerRequest extends EscalationState {
  readonly chain: string;
  readonly level: string;
  readonly repeats: number;
}

export interface FinishRequest extends EscalationState {
  readonly chain: string;
  readonly why: 'answered' | 'exhausted' | 'silence';
  /** Only with `silence`: how long somebody may say nothing. */
  readonly silenceSeconds?: number;
  /** Further starts from the first level. */
  readonly startAgain: number;
  readonly pagers: readonly RecipientTarget[];
}

/**
 * The payload of a state. What stands in it was written by our own construct, so only its version and ids are looked at.
 *
 * @throws Error where the execution is of a version that this Lambda does not know.
 */
export function parseState(event: unknown): EscalationState & JsonObject {
  if (!isJsonObject(event)) throw new Error('the payload of an escalation must be a JSON object');
  const version: Json | undefined = event['schemaVersion'];
  if (version !== 1) {
    throw new Error(
      `this Lambda knows escalations of schemaVersion 1, got ${JSON.stringify(version)}; deploy one version`,
    );
  }
  const { incidentId, attempt, cycle, round } = event;
  if (typeof incidentId !== 'string' || incidentId === '') throw new Error("an escalation's payload has no incidentId");
  return {
    ...event,
    schemaVersion: 1,
    incidentId,
    attempt: count('attempt', attempt),
    cycle: count('cycle', cycle),
    round: count('round', round),
  };
}

function count(name: string, value: Json | undefined): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw new Error(`an escalation's '${name}' must be a whole number from 1, got ${JSON.stringify(value)}`);
}

/** What is handed on to the next state: ids, counters and the outcome. */
export function nextState<Outcome extends string>(
  state: EscalationState,
  outcome: Outcome,
  more: Partial<Pick<EscalationState, 'cycle' | 'round'>> & { readonly seconds?: number } = {},
): EscalationState & { readonly outcome: Outcome; readonly seconds?: number } {
  const { schemaVersion, incidentId, attempt, cycle, round } = state;
  return { schemaVersion, incidentId, attempt, cycle, round, ...more, outcome };
}
