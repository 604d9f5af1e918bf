import { CopySnapshotCommand, DescribeSnapshotsCommand, type EC2Client, type Snapshot } from '@aws-sdk/client-ec2';

/** A snapshot that claims, by its tag, to be evidence: tags are anybody's to set. */
export interface Taken {
  readonly id: string;
  /** `con-…/<generation>` */
  readonly containment: string;
}

/** What claims, by its description, to be a copy: that is set when a snapshot is made, and never again. */
export interface Copy {
  readonly id: string;
  readonly state: 'completed' | 'pending' | 'error';
  readonly startedAt: Date;
  /** ARN; absent where it is not encrypted. */
  readonly key?: string;
}

const CONTAINMENT = 'firebreak:containment';
const INCIDENT = 'firebreak:incident';
const COPY_OF = 'firebreak:copy-of';
const DESCRIPTION = /^Firebreak evidence: copy of (?<source>snap-[0-9a-f]+), /;
/** What nobody could copy in so long is told by then. */
const NEWER_THAN_MS = 30 * 24 * 60 * 60 * 1000;

/** Snapshots that are complete: EBS copies no others. */
export async function readTaken(ec2: EC2Client, now: Date): Promise<Taken[]> {
  const found = await described(ec2, 'tag-key', CONTAINMENT);
  return found
    .filter(({ State, StartTime }) => State === 'completed' && Number(StartTime) > now.getTime() - NEWER_THAN_MS)
    .map((snapshot) => ({ id: snapshot.SnapshotId ?? '', containment: tagOf(snapshot, CONTAINMENT) }));
}

/** All copies, oldest first, by what they are copies of. */
export async function readCopies(ec2: EC2Client): Promise<ReadonlyMap<string, readonly Copy[]>> {
  const bySource = new Map<string, Copy[]>();
  for (const snapshot of await described(ec2, 'description', 'Firebreak evidence: copy of *')) {
    const source = DESCRIPTION.exec(snapshot.Description ?? '')?.groups?.['source'];
    if (source !== undefined) bySource.set(source, [...(bySource.get(source) ?? []), copyOf(snapshot)]);
  }
  for (const copies of bySource.values()) copies.sort((a, b) => Number(a.startedAt) - Number(b.startedAt));
  return bySource;
}

function copyOf({ SnapshotId = '', State, StartTime, Encrypted, KmsKeyId }: Snapshot): Copy {
  return {
    id: SnapshotId,
    // What is being brought back from the archive is not there yet, either.
    state: State === 'completed' || State === 'error' ? State : 'pending',
    startedAt: StartTime ?? new Date(0),
    ...(Encrypted === true && KmsKeyId !== undefined && { key: KmsKeyId }),
  };
}

/** Starts a copy, whole and encrypted anew; EBS makes it in the background, and finds out only then whether it may use the key. */
export async function copy(ec2: EC2Client, snapshot: Taken, incident: string, KmsKeyId: string): Promise<string> {
  const { SnapshotId = '' } = await ec2.send(
    new CopySnapshotCommand({
      SourceSnapshotId: snapshot.id,
      SourceRegion: await ec2.config.region(),
      Encrypted: true,
      KmsKeyId,
      Description: `Firebreak evidence: copy of ${snapshot.id}, incident ${incident}`,
      TagSpecifications: [
        {
          ResourceType: 'snapshot',
          // Not the tag of the containment: a copy is not copied.
          Tags: [
            { Key: COPY_OF, Value: snapshot.id },
            { Key: INCIDENT, Value: incident },
          ],
        },
      ],
    }),
  );
  return SnapshotId;
}

async function described(ec2: EC2Client, Name: 'tag-key' | 'description', value: string): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.send(
      new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters: [{ Name, Values: [value] }], NextToken }),
    );
    found.push(...(page.Snapshots ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return found;
}

function tagOf({ Tags }: Snapshot, key: string): string {
  return Tags?.find(({ Key }) => Key === key)?.Value ?? '';
}
