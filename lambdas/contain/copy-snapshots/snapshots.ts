import { CopySnapshotCommand, DescribeSnapshotsCommand, type EC2Client, type Snapshot } from '@aws-sdk/client-ec2';

/** A snapshot that claims, by its tags, to be evidence: tags are anybody's to set. */
export interface Taken {
  readonly id: string;
  readonly volume: string;
  /** `con-…/<generation>` */
  readonly containment: string;
  readonly incident: string;
}

export interface Copy {
  readonly id: string;
}

const CONTAINMENT = 'firebreak:containment';
const INCIDENT = 'firebreak:incident';
const COPY_OF = 'firebreak:copy-of';
/** What nobody could copy in so long is told by then. */
const NEWER_THAN_MS = 30 * 24 * 60 * 60 * 1000;

/** Snapshots that are complete: EBS copies no others. */
export async function readTaken(ec2: EC2Client, now: Date): Promise<Taken[]> {
  const found = await tagged(ec2, CONTAINMENT);
  return found
    .filter(({ State, StartTime }) => State === 'completed' && Number(StartTime) > now.getTime() - NEWER_THAN_MS)
    .map((snapshot) => ({
      id: snapshot.SnapshotId ?? '',
      volume: snapshot.VolumeId ?? '',
      containment: tagOf(snapshot, CONTAINMENT),
      incident: tagOf(snapshot, INCIDENT),
    }));
}

/** Copies by what they are copies of, without those that failed. */
export async function readCopies(ec2: EC2Client): Promise<ReadonlyMap<string, Copy>> {
  const found = (await tagged(ec2, COPY_OF)).filter(({ State }) => State !== 'error');
  return new Map(found.map((snapshot) => [tagOf(snapshot, COPY_OF), { id: snapshot.SnapshotId ?? '' }]));
}

/** Starts a copy, whole and encrypted anew; EBS makes it in the background. Gives its id. */
export async function copy(ec2: EC2Client, snapshot: Taken, KmsKeyId: string): Promise<string> {
  const { SnapshotId = '' } = await ec2.send(
    new CopySnapshotCommand({
      SourceSnapshotId: snapshot.id,
      SourceRegion: await ec2.config.region(),
      Encrypted: true,
      KmsKeyId,
      Description: `Firebreak evidence: copy of ${snapshot.id}, incident ${snapshot.incident}`,
      TagSpecifications: [
        {
          ResourceType: 'snapshot',
          // Not the tag of the containment: a copy is not copied.
          Tags: [
            { Key: COPY_OF, Value: snapshot.id },
            { Key: INCIDENT, Value: snapshot.incident },
          ],
        },
      ],
    }),
  );
  return SnapshotId;
}

async function tagged(ec2: EC2Client, key: string): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.send(
      new DescribeSnapshotsCommand({
        OwnerIds: ['self'],
        Filters: [{ Name: 'tag-key', Values: [key] }],
        NextToken,
      }),
    );
    found.push(...(page.Snapshots ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return found;
}

function tagOf({ Tags }: Snapshot, key: string): string {
  return Tags?.find(({ Key }) => Key === key)?.Value ?? '';
}
