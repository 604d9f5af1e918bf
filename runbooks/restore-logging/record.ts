import { AwsClients } from '../../lambdas/shared/aws-clients';
import { requireEnv } from '../../lambdas/shared/require-env';
import { findBaseline, writeBaseline } from './baseline';
import { ailments, losses, readLogging } from './state/logging';
import type { Where } from './state/where';

/** The lock of a version must never run out while it is the newest. */
const AGAIN_AFTER_MS = 24 * 60 * 60 * 1000;

export interface Recorded {
  readonly recorded: boolean;
  readonly because: string;
}

/**
 * Records how logging is, for the day on which somebody tampers with it. By itself it only ever takes over what is
 * healthy and sees no less than before: whoever switches something off has a baseline against him. What people change
 * on purpose they accept by name: `{ "accept": true, "by": "Ada" }`.
 *
 * @throws Error that says what is wrong, so that a scheduled run that must not record does not go unnoticed.
 */
export async function record(where: Where, event: unknown, now: Date): Promise<Recorded> {
  const accepted = acceptedBy(event);
  const logging = await readLogging(where);
  if (accepted !== undefined) {
    await writeBaseline(where, accepted, now, logging);
    return { recorded: true, because: `accepted by ${accepted}` };
  }
  const known = await findBaseline(where);
  const lost = known ? losses(known.logging, logging) : [];
  const wrong = [...new Set([...lost, ...ailments(logging)])];
  if (wrong.length > 0) throw new Error(refusal(where, wrong, known?.at));
  const age = known ? now.getTime() - new Date(known.at).getTime() : Infinity;
  // Something new besides what was there is worth a version of its own at once.
  if (known && age < AGAIN_AFTER_MS && losses(logging, known.logging).length === 0) {
    return { recorded: false, because: `as recorded at ${known.at}` };
  }
  await writeBaseline(where, 'schedule', now, logging);
  return { recorded: true, because: known ? 'healthy, and no less than before' : 'healthy; the first' };
}

function acceptedBy(event: unknown): string | undefined {
  const { accept, by } = (event ?? {}) as { readonly accept?: unknown; readonly by?: unknown };
  if (accept !== true) return undefined;
  if (typeof by === 'string' && by.trim() !== '') return by.trim().slice(0, 100);
  throw new Error(`accepting the logging as it is needs a name: { "accept": true, "by": "Ada" }`);
}

function refusal({ target }: Where, wrong: readonly string[], at: string | undefined): string {
  const place = `the logging of account ${target.account} in ${target.region}`;
  const known = at === undefined ? 'there is no baseline yet' : `the baseline of ${at} stays`;
  return `${place} is not as it should be, and ${known}: ${wrong.join('; ')}. If people did this on purpose, invoke this function with { "accept": true, "by": "<your name>" }; if not, restore-logging puts it back`;
}

export async function handler(event: unknown): Promise<Recorded> {
  const region = requireEnv('AWS_REGION');
  const account = requireEnv('BASELINE_ACCOUNT');
  const where: Where = { aws: new AwsClients(region), target: { kind: 'account', id: account, account, region } };
  const answer = await record(where, event, new Date());
  console.log({ message: 'baseline', account, region, ...answer });
  return answer;
}
