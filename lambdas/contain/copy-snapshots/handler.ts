import { EC2Client } from '@aws-sdk/client-ec2';
import type { Containment } from '../../../lib/model/containment';
import { errorText } from '../../shared/aws-error';
import { requireEnv } from '../../shared/require-env';
import { appendOnce, isMarked } from '../../shared/store/append-once';
import { incidentTable, type Table } from '../../shared/store/table';
import { containEntry } from '../shared/containment-timeline';
import { lockSnapshots } from '../shared/lock-snapshots';
import { copy, readCopies, readTaken, type Copy, type Taken } from './snapshots';
import { whoseIs } from './whose-is';

const BY = 'snapshot copier';
/** EBS copies 20 at once into a Region; the rest has its turn in a quarter of an hour. */
const MOST_COPIES = 20;
/** What EBS could not copy is tried again, but not every quarter of an hour: what failed stays, and is somebody's to delete. */
const AGAIN_AFTER_MS = 6 * 60 * 60 * 1000;

let ec2: EC2Client | undefined;

/**
 * Copies each snapshot that was taken as evidence to the forensic key, once EBS has completed it, and locks the copy where the
 * stack locks. Called every 15 minutes; killed anywhere and called again, it copies nothing twice.
 *
 * @returns the copies that were begun.
 * @throws Error that lists what could not be copied, once everything else is done: it ends in the dead-letter queue, and so somebody is told.
 */
export async function handler(): Promise<{ readonly begun: readonly string[] }> {
  ec2 ??= new EC2Client({});
  const table = incidentTable();
  const [taken, copies] = await Promise.all([readTaken(ec2, new Date()), readCopies(ec2)]);
  const begun: string[] = [];
  const problems: string[] = [];
  for (const snapshot of taken) {
    try {
      const containment = await whoseIs(table, snapshot);
      if (!containment) continue;
      const one = { ec2, table, snapshot, containment, key: requireEnv('FORENSIC_KEY_ARN') };
      const begin = await follow(one, copies.get(snapshot.id) ?? []);
      if (begin && begun.length < MOST_COPIES) begun.push(await begin());
    } catch (error) {
      problems.push(`${snapshot.id}: ${errorText(error)}`);
    }
  }
  console.log({ message: 'snapshot copier', begun, problems });
  if (problems.length > 0) throw new Error(`not copied to the forensic key: ${problems.join('; ')}`);
  return { begun };
}

interface One {
  readonly ec2: EC2Client;
  readonly table: Table;
  readonly snapshot: Taken;
  readonly containment: Containment;
  /** ARN of the forensic key. */
  readonly key: string;
}

/**
 * Says how far the copy is; gives what begins one, where there is none. Only what is under the forensic key is a copy: whoever
 * cannot use it cannot make one, whatever they tag or describe.
 *
 * @throws Error where EBS failed, or the copy is not locked as it should be.
 */
async function follow(one: One, copies: readonly Copy[]): Promise<(() => Promise<string>) | undefined> {
  const { snapshot, key } = one;
  const kept = copies.filter((found) => found.key === key && found.state !== 'error');
  const found = kept.find(({ state }) => state === 'completed') ?? kept[0];
  if (found) {
    const lock = await told(one, () => locked(one.ec2, found.id));
    if (found.state === 'completed') {
      await say(one, 'note', `copied#${found.id}`, `is copied to ${found.id}, under the forensic key${lock}`);
    } else await sayBegun(one, found.id, lock);
    return undefined;
  }
  const failed = copies.filter(({ state }) => state === 'error').at(-1);
  if (failed && Date.now() - failed.startedAt.getTime() < AGAIN_AFTER_MS) {
    const text = `copy ${failed.id} ended in 'error', as it does where EBS may not use the forensic key`;
    await say(one, 'evidence-failed', `not-copied#${failed.id}`, `could not be copied to the forensic key: ${text}`);
    throw new Error(`${text}; look at the key's policy, and delete ${failed.id} to have it tried again at once`);
  }
  for (const other of copies) {
    // Said to be begun by us, and made with something else: making one more would end the same.
    if (other.state !== 'error' && (await isMarked(one.table, one.containment.incidentId, begunMark(one, other.id))))
      throw new Error(`its copy ${other.id} is under '${other.key ?? 'no key'}', not under '${key}'`);
  }
  return () => told(one, () => begin(one, snapshot));
}

async function begin(one: One, snapshot: Taken): Promise<string> {
  const made = await copy(one.ec2, snapshot, one.containment.incidentId, one.key);
  await sayBegun(one, made, '');
  // The next run locks what this one cannot.
  await locked(one.ec2, made);
  return made;
}

/** What it throws is on the timeline, once. */
async function told<T>(one: One, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await say(one, 'evidence-failed', 'not-copied', `could not be copied to the forensic key: ${errorText(error)}`);
    throw error;
  }
}

function sayBegun(one: One, made: string, lock: string): Promise<unknown> {
  const mark = `copying#${made}`;
  return say(one, 'note', mark, `is being copied to ${made}, with the forensic key${lock}; not yet complete`);
}

function begunMark({ containment, snapshot }: One, made: string): string {
  return `${containment.id}#copying#${made}#${snapshot.id}`;
}

function say(one: One, kind: 'note' | 'evidence-failed', mark: string, text: string): Promise<unknown> {
  const { table, containment, snapshot } = one;
  return appendOnce(table, containment.incidentId, `${containment.id}#${mark}#${snapshot.id}`, [
    containEntry(containment, kind, `Snapshot ${snapshot.id} ${text}`, BY, { item: snapshot.id }),
  ]);
}

async function locked(client: EC2Client, snapshot: string): Promise<string> {
  const lock = (await lockSnapshots(client, [snapshot], process.env['SNAPSHOT_LOCK'])).get(snapshot);
  if (!lock) return '';
  if ('failed' in lock) throw new Error(`its copy ${snapshot} is not locked: ${lock.failed}`);
  return `, locked (${lock.state})`;
}
