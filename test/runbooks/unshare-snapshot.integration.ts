import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DescribeImagesCommand, EC2Client, ModifySnapshotAttributeCommand } from '@aws-sdk/client-ec2';
import { ModifyDBClusterSnapshotAttributeCommand, RDSClient } from '@aws-sdk/client-rds';
import { runbook } from '../../runbooks/unshare-snapshot/actions';
import { cases, type SnapshotCase } from '../../runbooks/unshare-snapshot/cases';
import { subjectOf } from '../../runbooks/unshare-snapshot/subject';
import { embeddedAws } from '../embedded/aws';
import { RunActions, targetOf } from './run-actions';
import { makeShared, readSharing } from './shared-snapshot';

jest.setTimeout(60_000);

const IMAGE = cases[3] as SnapshotCase;
const PUBLIC = cases[0] as SnapshotCase;
const TWO = cases[1] as SnapshotCase;
const CLUSTER = cases.find(({ name }) => name === 'a cluster snapshot with two accounts') as SnapshotCase;
const OTHERS = /all|111122223333|444455556666|o-abcdefghij/;

describe('unshare-snapshot on the embedded AWS', () => {
  const aws = embeddedAws();
  let ec2: EC2Client;
  let rds: RDSClient;

  beforeAll(() => {
    ec2 = new EC2Client(aws.client);
    rds = new RDSClient(aws.client);
  });

  const sharing = (arn: string) => readSharing({ ec2, rds }, arn);

  async function start(shape: SnapshotCase) {
    const arn = await makeShared({ ec2, rds }, shape);
    return { arn, run: new RunActions(runbook, targetOf('snapshot', arn)), before: await sharing(arn) };
  }

  test.each(cases)('contains and releases $name', async (shape) => {
    const { arn, run, before } = await start(shape);
    expect(before.some((said) => OTHERS.test(said))).toBe(shape.everybody || shape.accounts.length > 0);

    const undo = await run.contain();

    expect(await sharing(arn)).toEqual([]);
    expect(await run.missing(undo)).toEqual([]);

    const tasks = await run.release(undo);

    // What was public stays unpublished: that is a task for a person, and everything else is as it was.
    expect(await sharing(arn)).toEqual(before.filter((said) => !/\ball$/.test(said)));
    expect(tasks).toEqual(
      shape.everybody ? [expect.stringMatching(/publish it by hand.*data exposure.* Public before: arn:aws:/)] : [],
    );
  });

  test('run again, it ends the same, and so does its release', async () => {
    const { arn, run, before } = await start(IMAGE);
    const undo = await run.contain();

    await run.contain(undo);
    expect(await sharing(arn)).toEqual([]);

    await run.release(undo);
    await run.release(undo);
    expect(await sharing(arn)).toEqual(before.filter((said) => !/\ball$/.test(said)));
  });

  test('GIVEN an attacker who shares it again WHEN it is read back THEN it says with whom, and running it again mends it', async () => {
    const { arn, run } = await start(PUBLIC);
    const undo = await run.contain();

    for (const whom of [{ GroupNames: ['all'] }, { UserIds: ['999988887777'] }]) {
      const SnapshotId = arn.split('/').at(-1);
      await ec2.send(
        new ModifySnapshotAttributeCommand({
          SnapshotId,
          Attribute: 'createVolumePermission',
          OperationType: 'add',
          ...whom,
        }),
      );
    }
    expect(await run.missing(undo)).toEqual([
      `end-public-sharing: still public: ${arn}`,
      `end-account-sharing: ${arn} is shared with 999988887777`,
    ]);

    await run.contain(undo);
    expect(await sharing(arn)).toEqual([]);
  });

  test('GIVEN accounts that were given back twice, as an answer was lost WHEN it is released THEN it is proven to be as before', async () => {
    const { arn, run } = await start(CLUSTER);
    const undo = await run.contain();
    const DBClusterSnapshotIdentifier = arn.split(':').at(-1);
    for (let times = 0; times < 2; times += 1) {
      const ValuesToAdd = [...CLUSTER.accounts];
      await rds.send(
        new ModifyDBClusterSnapshotAttributeCommand({
          DBClusterSnapshotIdentifier,
          AttributeName: 'restore',
          ValuesToAdd,
        }),
      );
    }

    const action = run.action('end-account-sharing');
    const { ok, observed } = await action.verifyReleased(undo.get(action.id) ?? {}, run.context, {
      reactivateKeys: false,
    });

    expect({ ok, observed }).toEqual({ ok: true, observed: 'shared with the same accounts as before' });
  });

  test('says with whom the data may be', async () => {
    const { run } = await start(TWO);
    const undo = await run.contain();

    const action = run.action('end-account-sharing');
    const { observed } = await action.verify(undo.get(action.id) ?? {}, run.context);

    expect(observed).toBe(
      'shared with no other account. DATA EXPOSURE: 111122223333, 444455556666 may have copies, which cannot be called back',
    );
  });

  test('its plan says who is cut off, and every policy of a run names what it changes', async () => {
    const { arn, run } = await start(IMAGE);
    const undo = await run.read();

    expect(run.plan(undo)).toEqual([
      `ec2:ModifyImageAttribute ${arn}: everybody in the world can use it → not public; copies that were made stay`,
      expect.stringMatching(
        /^ec2:ModifySnapshotAttribute arn:aws:ec2:us-east-1::snapshot\/snap-[0-9a-f]+: everybody in/,
      ),
      expect.stringMatching(
        /^ec2:ModifyImageAttribute .*: shared with 111122223333, arn:aws:organizations::.* → shared with no/,
      ),
      expect.stringMatching(/^ec2:ModifySnapshotAttribute .*: shared with 111122223333 → shared with no other account/),
    ]);
    expect(run.policies(undo, 'contain').get('end-public-sharing')).toMatch(
      /image\/ami-[0-9a-f]+.*snapshot\/snap-[0-9a-f]+/,
    );
    expect(run.policies(undo, 'release').get('end-public-sharing')).toBe('[]');
  });

  test.each([IMAGE, cases[5] as SnapshotCase])('evidence says what was exposed: $name', async (shape) => {
    const { run } = await start(shape);

    const evidence = await run.evidence();

    expect([...evidence.keys()]).toEqual(runbook.evidence.map(({ name }) => name));
    expect(evidence.get('description')).toMatch(/Encrypted|BlockDeviceMappings/);
    expect(JSON.parse(evidence.get('block-public-access') ?? '')).toEqual({
      snapshots: 'unblocked',
      images: 'unblocked',
    });
  });

  describe('the guard rails are told, in a sentence', () => {
    const ask = (id: string) => subjectOf(new RunActions(runbook, targetOf('snapshot', id)).context);

    test.each([
      ['arn:aws:ec2:us-east-1::snapshot/snap-0123456789abcdef0', 'snap-0123456789abcdef0'],
      ['arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0', 'ami-0123456789abcdef0'],
      ['arn:aws:rds:us-east-1:000000000000:snapshot:nightly', 'nightly'],
      ['arn:aws:rds:us-east-1:000000000000:cluster-snapshot:nightly', 'nightly'],
    ])('that there is no %s', async (arn, id) => {
      await expect(ask(arn)).rejects.toThrow(
        `'${id}' does not exist in us-east-1; it may have been deleted, or be in another Region`,
      );
    });

    test('that it belongs to somebody else', async () => {
      const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
      const image = Images?.[0];

      await expect(ask(`arn:aws:ec2:us-east-1::image/${image?.ImageId ?? ''}`)).rejects.toThrow(
        `belongs to account ${image?.OwnerId ?? ''}, not to 000000000000: only its owner can end its sharing`,
      );
    });

    test('that it is no snapshot', async () => {
      await expect(ask('arn:aws:ec2:us-east-1:000000000000:volume/vol-1')).rejects.toThrow(
        /is not the ARN of a snapshot/,
      );
    });

    test('which snapshots go with an image', async () => {
      const { arn } = await start(IMAGE);

      const { arns } = await ask(arn);

      expect(arns).toEqual([expect.stringMatching(/^arn:aws:ec2:us-east-1::snapshot\/snap-/)]);
    });
  });
});
