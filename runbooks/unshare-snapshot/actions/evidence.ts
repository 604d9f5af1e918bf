import {
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  GetImageBlockPublicAccessStateCommand,
  GetSnapshotBlockPublicAccessStateCommand,
} from '@aws-sdk/client-ec2';
import { DescribeDBClusterSnapshotsCommand, DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import type { ActionContext, EvidenceSource } from '../../../lambdas/contain/runbook-host/action';
import { jsonEvidence, trailEvidence } from '../../../lambdas/contain/runbook-host/evidence-sources';
import { assertNever } from '../../../lib/model/assert-never';
import { KINDS, type Thing } from './sharing';
import { readThings, thingOf } from './things';

/** With whom it was shared is in the undo records; here is what was exposed, and what CloudTrail knows of its use. */
export const evidence: readonly EvidenceSource[] = [
  // Copies and volumes that others make of a shared snapshot of EC2 are told to its owner here.
  trailEvidence('cloudtrail-by-snapshot', 'ResourceName', (context) => thingOf(context).id),
  jsonEvidence(
    'description',
    'ec2:DescribeSnapshots, ec2:DescribeImages, rds:DescribeDBSnapshots or rds:DescribeDBClusterSnapshots',
    async (context) => {
      const things = await readThings(context);
      return Promise.all(things.map((thing) => describe(context, thing)));
    },
  ),
  jsonEvidence('sharing-now', 'the Describe…Attribute call of each', async (context) => {
    const things = await readThings(context);
    return Promise.all(
      things.map(async ({ kind, id, arn }) => ({ arn, ...(await KINDS[kind].read(context.aws, id)) })),
    );
  }),
  // Where it stood at `block-all-sharing`, nobody but the account could use what was marked as public.
  jsonEvidence(
    'block-public-access',
    'ec2:GetSnapshotBlockPublicAccessState, ec2:GetImageBlockPublicAccessState',
    async (context) => {
      const ec2 = context.aws.of(EC2Client);
      const [snapshots, images] = await Promise.all([
        ec2.send(new GetSnapshotBlockPublicAccessStateCommand({})),
        ec2.send(new GetImageBlockPublicAccessStateCommand({})),
      ]);
      return { snapshots: snapshots.State, images: images.ImageBlockPublicAccessState };
    },
  ),
];

async function describe(context: ActionContext, { kind, id }: Thing): Promise<unknown> {
  switch (kind) {
    case 'snapshot':
      return (await context.aws.of(EC2Client).send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }))).Snapshots;
    case 'image':
      return (
        await context.aws.of(EC2Client).send(new DescribeImagesCommand({ ImageIds: [id], IncludeDeprecated: true }))
      ).Images;
    case 'db-snapshot':
      return (await context.aws.of(RDSClient).send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id })))
        .DBSnapshots;
    case 'db-cluster-snapshot':
      return (
        await context.aws.of(RDSClient).send(new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: id }))
      ).DBClusterSnapshots;
    default:
      return assertNever(kind);
  }
}
