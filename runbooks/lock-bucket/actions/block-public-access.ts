import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { action, type ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { orAbsent, thisBucket } from './bucket';

type Block = {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
};
type Before = {
  /** Null where the bucket has no block of its own, which is not the same as four times false. */
  readonly block: Block | null;
};

const CALL = 's3:PutBucketPublicAccessBlock';
const ALL: Block = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/**
 * Destroys nothing: lists and policies stay and are overruled. After the policy, because S3 takes no public policy any
 * more once this stands, not even with a deny in it; and given back before it for the same reason.
 */
export const blockPublicAccess = action<Before>({
  id: 'block-public-access',

  async read(context) {
    return { block: await readBlock(context) };
  },

  changes(before, { target }) {
    if (isAll(before.block)) return [];
    return [{ call: CALL, resource: target.id, from: blockText(before.block), to: blockText(ALL) }];
  },

  permissions(_before, { target }) {
    // Taking the block away is the same permission as setting it.
    return [{ actions: [CALL], resources: [target.id] }];
  },

  async contain(_before, context) {
    await context.change
      .of(S3Client)
      .send(new PutPublicAccessBlockCommand({ ...thisBucket(context), PublicAccessBlockConfiguration: ALL }));
  },

  async verify(_before, context) {
    const block = await readBlock(context);
    return { ok: isAll(block), observed: `public access: ${blockText(block)}` };
  },

  async release(before, context) {
    const now = await readBlock(context);
    if (blockText(now) === blockText(before.block)) return { restored: [], tasks: [] };
    if (before.block === null) {
      await context.change.of(S3Client).send(new DeletePublicAccessBlockCommand(thisBucket(context)));
    } else {
      await context.change
        .of(S3Client)
        .send(
          new PutPublicAccessBlockCommand({ ...thisBucket(context), PublicAccessBlockConfiguration: before.block }),
        );
    }
    return { restored: [`public access: ${blockText(before.block)}`], tasks: [] };
  },

  async verifyReleased(before, context) {
    const now = await readBlock(context);
    return {
      ok: blockText(now) === blockText(before.block),
      observed: `public access: ${blockText(now)}; before: ${blockText(before.block)}`,
    };
  },
});

async function readBlock(context: ActionContext): Promise<Block | null> {
  const found = await orAbsent(
    context.aws.of(S3Client).send(new GetPublicAccessBlockCommand(thisBucket(context))),
    'NoSuchPublicAccessBlockConfiguration',
  );
  if (found === null) return null;
  const set = found.PublicAccessBlockConfiguration;
  return {
    BlockPublicAcls: set?.BlockPublicAcls ?? false,
    IgnorePublicAcls: set?.IgnorePublicAcls ?? false,
    BlockPublicPolicy: set?.BlockPublicPolicy ?? false,
    RestrictPublicBuckets: set?.RestrictPublicBuckets ?? false,
  };
}

function isAll(block: Block | null): boolean {
  return block !== null && Object.values(block).every(Boolean);
}

function blockText(block: Block | null): string {
  if (block === null) return 'no block of its own';
  const on = Object.entries(block).filter(([, set]) => set);
  return on.length === 0 ? 'a block with everything off' : on.map(([name]) => name).join(', ');
}
