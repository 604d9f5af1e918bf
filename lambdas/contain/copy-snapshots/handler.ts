import { EC2Client } from '@aws-sdk/client-ec2';
import { errorText } from '../../shared/aws-error';
import { requireEnv } from '../../shared/require-env';
import { appendOnce } from '../../shared/store/append-once';
import { incidentTable, type Table } from '../../shared/store/table';
import { containEntry } from '../shared/containment-timeline';
import { lockSnapshots } from '../shared/lock-snapshots';
import { copy, readCopies, readTaken, type Copy, type Taken } from './snapshots';
import { whoseIs } from './whose-is';

const BY = 'snapshot copier';
/** EBS copies 20 at once into a Region; the rest has its turn in a quarter of an hour. */
const MOST_COPIES = 20;

let ec2: EC2Client | undefined;

/**
 * Copies each snapshot that was taken as evidence to the forensic key, once EBS has completed it, and locks the copy where the
 * stack locks. Called every 15 minutes; killed anywhere and called again, it copies nothing twice.
 *
 * @throws Error that lists what could not be copied, once everything else is done: it ends in the dead-letter queue, and so somebody is told.
 */
export async function handler(): Promise<{ readonly copied: readonly string[] }> {
  ec2 ??= new EC2Client({});
  const table = incidentTable();
  const [taken, copies] = await Promise.all([readTaken(ec2, new Date()), readCopies(ec2)]);
  const copied: string[] = [];
  const problems: string[] = [];
  for (const snapshot of taken) {
    const before = copies.get(snapshot.id);
    if (!before && copied.length === MOST_COPIES) break;
    try {
      const now = await oneOf(ec2, table, snapshot, before);
      if (!before && now) copied.push(now);
    } catch (error) {
      problems.push(`${snapshot.id}: ${errorText(error)}`);
    }
  }
  console.log({ message: 'snapshot copier', copied, problems });
  if (problems.length > 0) throw new Error(`not copied to the forensic key: ${problems.join('; ')}`);
  return { copied };
}

/** Gives the copy; undefined for a snapshot that carries our tags, and was not taken by us. */
async function oneOf(
  client: EC2Client,
  table: Table,
  snapshot: Taken,
  before: Copy | undefined,
): Promise<string | undefined> {
  const containment = await whoseIs(table, snapshot);
  if (!containment) return undefined;
  const say = (kind: 'note' | 'evidence-failed', mark: string, text: string) =>
    appendOnce(table, containment.incidentId, `${containment.id}#${mark}#${snapshot.id}`, [
      containEntry(containment, kind, text, BY, { item: snapshot.id }),
    ]);
  let made: string;
  let how: string;
  try {
    made = before?.id ?? (await copy(client, snapshot, requireEnv('FORENSIC_KEY_ARN')));
    how = await locked(client, made);
  } catch (error) {
    await say(
      'evidence-failed',
      'not-copied',
      `Snapshot ${snapshot.id} could not be copied to the forensic key: ${errorText(error)}`,
    );
    throw error;
  }
  await say('note', 'copied', `Snapshot ${snapshot.id} is copied to ${made}, under the forensic key${how}`);
  return made;
}

async function locked(client: EC2Client, snapshot: string): Promise<string> {
  const lock = (await lockSnapshots(client, [snapshot], process.env['SNAPSHOT_LOCK'])).get(snapshot);
  if (!lock) return '';
  if ('failed' in lock) throw new Error(`its copy ${snapshot} is not locked: ${lock.failed}`);
  return `, locked (${lock.state})`;
}
