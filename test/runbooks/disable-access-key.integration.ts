import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  ListServiceSpecificCredentialsCommand,
  UploadSSHPublicKeyCommand,
  CreateServiceSpecificCredentialCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  ListMFADevicesCommand,
  ListSigningCertificatesCommand,
  UploadSigningCertificateCommand,
  ListSSHPublicKeysCommand,
} from '@aws-sdk/client-iam';
import { getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { QUARANTINE_DOCUMENT, QUARANTINE_POLICY_NAME } from '../../lib/model/quarantine';
import { runbook } from '../../runbooks/disable-access-key/actions';
import { cases, type UserCase } from '../../runbooks/disable-access-key/cases';
import { readVaultManifest } from '../contain/read-manifest';
import { World } from '../contain/world';
import { embeddedAws } from '../embedded/aws';
import { quickPatience } from '../support/quick-patience';
import { IamShim } from './iam-shim';
import { makeUser, readUserState } from './user';

jest.setTimeout(60_000);

const TWO_KEYS = cases[1] as UserCase;

describe('disable-access-key on the embedded AWS', () => {
  const aws = embeddedAws();
  quickPatience();
  let iam: IAMClient;
  let world: World;
  let shim: IamShim;
  let quarantine: string;

  beforeAll(async () => {
    shim = await IamShim.start(aws.endpoint);
    process.env['AWS_ENDPOINT_URL_IAM'] = shim.endpoint;
    iam = new IAMClient({ ...aws.client, endpoint: shim.endpoint });
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: `quarantine-${process.pid}`,
        PolicyDocument: JSON.stringify(QUARANTINE_DOCUMENT),
      }),
    );
    quarantine = Policy?.Arn ?? '';
    world = await World.create(aws, quarantine);
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(async () => {
    shim.allowAll();
    await world.setBrake('released');
  });
  afterAll(() => shim.stop());

  async function start(shape: UserCase = TWO_KEYS) {
    const { target, name } = await makeUser(iam, shape);
    const before = await readUserState(iam, name);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId);
    return { target, name, before, incidentId, containment };
  }

  /** Both places of the deny. */
  async function takeAway(UserName: string): Promise<void> {
    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: QUARANTINE_POLICY_NAME }));
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: quarantine }));
  }

  const inactive = (keys: Record<string, unknown>) => Object.values(keys).every((status) => status === 'Inactive');

  test.each(cases)('contains and releases a user: $name', async (shape) => {
    const { name, before, incidentId, containment } = await start(shape);

    const ran = await world.contain(runbook, containment);

    const contained = await readUserState(iam, name);
    expect(ran.end).toBe('succeeded');
    expect((await world.containment(containment.id)).status).toBe('held');
    expect(inactive(contained.keys)).toBe(true);
    expect(contained.inline).toEqual(QUARANTINE_DOCUMENT);
    expect(contained.password).toBe(false);

    const released = await world.release(runbook, containment, incidentId, { reactivateKeys: true });

    expect(released.end).toBe('succeeded');
    expect((await world.containment(containment.id)).status).toBe('released');
    expect(await readUserState(iam, name)).toEqual({ ...before, password: false });
  });

  test('leaked keys stay inactive unless a person says otherwise, and the release says what is left to do', async () => {
    const { name, before, incidentId, containment } = await start();
    await world.contain(runbook, containment);

    await world.release(runbook, containment, incidentId);

    const after = await readUserState(iam, name);
    expect(after.inline).toEqual(before.inline);
    expect(inactive(after.keys)).toBe(true);
    const released = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-released');
    expect(JSON.stringify(released?.details?.['tasks'])).toMatch(/new access key.*new password/);
  });

  test('switches off SSH keys and service-specific credentials too', async () => {
    const { name: UserName, containment } = await start();
    await iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody: 'ssh-rsa AAAA' }));
    await iam.send(new CreateServiceSpecificCredentialCommand({ UserName, ServiceName: 'codecommit.amazonaws.com' }));

    await world.contain(runbook, containment);

    const { SSHPublicKeys } = await iam.send(new ListSSHPublicKeysCommand({ UserName }));
    const { ServiceSpecificCredentials } = await iam.send(new ListServiceSpecificCredentialsCommand({ UserName }));
    expect(SSHPublicKeys?.map(({ Status }) => Status)).toEqual(['Inactive']);
    expect(ServiceSpecificCredentials?.map(({ Status }) => Status)).toEqual(['Inactive']);
  });

  describe('where the attacker has filled the quotas', () => {
    test('a user with everything: two keys, a password, MFA, a certificate, an SSH key and a credential of a service', async () => {
      const { name: UserName, before, incidentId, containment } = await start();
      const { VirtualMFADevice } = await iam.send(
        new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }),
      );
      const SerialNumber = VirtualMFADevice?.SerialNumber;
      const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
      await iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber, ...codes }));
      await iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody: 'ssh-rsa AAAA' }));
      await iam.send(new UploadSigningCertificateCommand({ UserName, CertificateBody: 'x' }));
      await iam.send(new CreateServiceSpecificCredentialCommand({ UserName, ServiceName: 'codecommit.amazonaws.com' }));
      const others = async () => {
        const [ssh, certificates, services, mfa] = await Promise.all([
          iam.send(new ListSSHPublicKeysCommand({ UserName })),
          iam.send(new ListSigningCertificatesCommand({ UserName })),
          iam.send(new ListServiceSpecificCredentialsCommand({ UserName })),
          iam.send(new ListMFADevicesCommand({ UserName })),
        ]);
        const all = [
          ...(ssh.SSHPublicKeys ?? []),
          ...(certificates.Certificates ?? []),
          ...(services.ServiceSpecificCredentials ?? []),
        ];
        return { statuses: all.map(({ Status }) => Status), devices: mfa.MFADevices?.map((one) => one.SerialNumber) };
      };
      for (const operation of ['PutUserPolicy', 'AttachUserPolicy']) shim.refuse(operation, 'LimitExceeded');

      await world.contain(runbook, containment);

      expect((await world.containment(containment.id)).status).toBe('held');
      const contained = await readUserState(iam, UserName);
      expect([contained.boundary, inactive(contained.keys), contained.password]).toEqual([quarantine, true, false]);
      // The owner's device and the attacker's look alike: they stay, and are in the evidence.
      expect(await others()).toEqual({ statuses: ['Inactive', 'Inactive', 'Inactive'], devices: [SerialNumber] });
      shim.allowAll();
      await world.release(runbook, containment, incidentId, { reactivateKeys: true });
      expect(await readUserState(iam, UserName)).toEqual({ ...before, password: false });
      expect(await others()).toEqual({ statuses: ['Active', 'Active', 'Active'], devices: [SerialNumber] });
    });

    test('attaches the quarantine policy, and detaches it on release', async () => {
      const { name, before, incidentId, containment } = await start();
      shim.refuse('PutUserPolicy', 'LimitExceeded');

      await world.contain(runbook, containment);

      expect((await world.containment(containment.id)).status).toBe('held');
      expect((await readUserState(iam, name)).attached).toEqual([quarantine]);
      await world.release(runbook, containment, incidentId, { reactivateKeys: true });
      expect(await readUserState(iam, name)).toEqual({ ...before, password: false });
    });

    test('does not stand on the deny of another containment: released there, it is still denied here', async () => {
      const { name, containment } = await start();
      await iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: quarantine }));
      shim.refuse('PutUserPolicy', 'LimitExceeded');

      await world.contain(runbook, containment);
      await iam.send(new DetachUserPolicyCommand({ UserName: name, PolicyArn: quarantine }));

      expect((await world.containment(containment.id)).status).toBe('held');
      expect((await readUserState(iam, name)).boundary).toBe(quarantine);
    });

    test('sets the permissions boundary, and removes it on release', async () => {
      const { name, before, incidentId, containment } = await start();
      shim.refuse('PutUserPolicy', 'LimitExceeded');
      shim.refuse('AttachUserPolicy', 'LimitExceeded');

      await world.contain(runbook, containment);

      expect((await world.containment(containment.id)).status).toBe('held');
      expect((await readUserState(iam, name)).boundary).toBe(quarantine);
      const texts = (await readTimeline(world.table, incidentId)).map(({ text }) => text);
      expect(texts).toContain(
        'Deny everything: the permissions boundary denies everything (the quotas of policies are used up)',
      );
      await world.release(runbook, containment, incidentId, { reactivateKeys: true });
      expect(await readUserState(iam, name)).toEqual({ ...before, password: false });
    });
  });

  test('deactivates the keys whatever else fails, says what was not done, and escalates', async () => {
    const { name, incidentId, containment } = await start();
    for (const operation of ['PutUserPolicy', 'DeleteLoginProfile']) shim.refuse(operation, 'AccessDenied');

    const ran = await world.contain(runbook, containment);

    expect(ran.end).toBe('failed');
    expect((await world.containment(containment.id)).status).toBe('failed');
    expect(inactive((await readUserState(iam, name)).keys)).toBe(true);
    const failed = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-failed');
    expect(failed?.text).toMatch(
      /Done: Deactivate access keys; .*Not done: Deny everything .*Delete the console password/,
    );
    expect((await getIncident(world.table, incidentId))?.handOvers['escalation']?.state).toBe('pending');
  });

  test('waits for what passes by itself', async () => {
    const { name, containment } = await start();
    shim.refuse('UpdateAccessKey', 'EntityTemporarilyUnmodifiable', 3);

    await world.contain(runbook, containment);

    expect((await world.containment(containment.id)).status).toBe('held');
    expect(inactive((await readUserState(iam, name)).keys)).toBe(true);
  });

  test('notices when the deny vanishes or a new key appears, and escalates', async () => {
    const first = await start();
    const second = await start({ ...TWO_KEYS, activeKeys: 1 });

    const lost = await world.contain(runbook, first.containment, {
      onState: async (state) => {
        if (state !== 'Look again after 15 seconds') return;
        await takeAway(first.name);
      },
    });
    const gained = await world.contain(runbook, second.containment, {
      onState: async (state) => {
        if (state === 'Look again after 60 seconds')
          await iam.send(new CreateAccessKeyCommand({ UserName: second.name }));
      },
    });

    for (const [ran, { incidentId, containment }] of [
      [lost, first],
      [gained, second],
    ] as const) {
      expect(ran.end).toBe('failed');
      expect((await world.containment(containment.id)).status).toBe('failed');
      expect(await world.kinds(incidentId)).toEqual(
        expect.arrayContaining(['containment-verified', 'containment-not-held']),
      );
      expect((await getIncident(world.table, incidentId))?.handOvers['escalation']?.state).toBe('pending');
    }
  });

  test('killed before any task and run again, it ends contained with one undo record, the true one', async () => {
    for (let tasks = 0; tasks <= 12; tasks++) {
      const { target, name, before, incidentId, containment } = await start();

      const killed = await world.contain(runbook, containment, { tasks });
      expect(killed.end).toBe('killed');
      const again = await world.hold(runbook, target, incidentId);
      const ran = await world.contain(runbook, again);

      expect(ran.end).toBe('succeeded');
      expect(inactive((await readUserState(iam, name)).keys)).toBe(true);
      await world.release(runbook, containment, incidentId, { reactivateKeys: true });
      expect(await readUserState(iam, name)).toEqual({ ...before, password: false });
      const kinds = await world.kinds(incidentId);
      expect(kinds.filter((kind) => kind === 'state-recorded')).toHaveLength(runbook.actions.length);
    }
  });

  test('each operation run twice changes nothing the second time, and says nothing twice', async () => {
    const { name, incidentId, containment } = await start();

    await world.contain(runbook, containment, { twice: true });

    expect((await world.containment(containment.id)).status).toBe('held');
    const kinds = await world.kinds(incidentId);
    expect(kinds.filter((kind) => kind === 'action-applied')).toHaveLength(runbook.actions.length);
    expect(kinds.filter((kind) => kind === 'containment-verified')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'evidence-collected')).toHaveLength(1);
    await world.release(runbook, containment, incidentId, { twice: true });
    expect((await readUserState(iam, name)).inline).toBeNull();
    expect((await world.kinds(incidentId)).filter((kind) => kind === 'containment-released')).toHaveLength(1);
  });

  test('observe changes nothing of the user, and says what would be changed', async () => {
    const { target, name } = await makeUser(iam, TWO_KEYS);
    const before = await readUserState(iam, name);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId, 'observe');
    const after = await aws.proxy.last();

    await world.contain(runbook, containment);

    expect((await world.containment(containment.id)).status).toBe('planned');
    expect(await readUserState(iam, name)).toEqual(before);
    expect(await aws.proxy.calls({ after, resource: name })).not.toEqual([]);
    expect(await aws.proxy.calls({ after, resource: name, mutating: true, service: 'iam' })).toEqual([]);
    const planned = (await readTimeline(world.table, incidentId)).find(({ kind }) => kind === 'containment-planned');
    expect(planned?.text).toMatch(/^Would make 5 change\(s\)/);
    expect(JSON.stringify(planned?.details?.['changes'])).toMatch(/iam:UpdateAccessKey AKIA\w+: Active → Inactive/);
  });

  test('with the brake on nothing is changed, and people are told', async () => {
    const { name, before, incidentId, containment } = await start();
    await world.setBrake('paused by Ada');

    await world.contain(runbook, containment);

    expect((await world.containment(containment.id)).status).toBe('refused');
    expect(await readUserState(iam, name)).toEqual(before);
    expect((await getIncident(world.table, incidentId))?.handOvers['escalation']?.state).toBe('pending');
  });

  test('the brake put on in the middle stops the rest', async () => {
    const { name, containment } = await start();

    const ran = await world.contain(runbook, containment, {
      onState: async (state) => {
        if (state === 'Deactivate access keys') await world.setBrake('paused by Ada');
      },
    });

    expect(ran.end).toBe('failed');
    const after = await readUserState(iam, name);
    expect(after.inline).toEqual(QUARANTINE_DOCUMENT);
    expect(inactive(after.keys)).toBe(false);
  });

  test('a protected user is refused and escalated', async () => {
    const { target, name } = await makeUser(iam, TWO_KEYS, 'break-glass');
    const before = await readUserState(iam, name);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId);

    await world.contain(runbook, containment);

    const refused = await world.containment(containment.id);
    expect(refused.status).toBe('refused');
    expect(refused.reason).toContain('break-glass');
    expect(await readUserState(iam, name)).toEqual(before);
    expect(await world.kinds(incidentId)).toContain('containment-refused');
  });

  test('release acts only with the last hold', async () => {
    const { target, name, incidentId, containment } = await start();
    const other = await world.openIncident();
    await world.contain(runbook, containment);
    await world.addHold(containment.id, other);

    const first = await world.release(runbook, containment, incidentId);

    expect(first.states.at(-1)).toBe('Held by other incidents');
    expect((await readUserState(iam, name)).inline).toEqual(QUARANTINE_DOCUMENT);
    const last = await world.release(runbook, containment, other);
    expect(last.states.at(-1)).toBe('Released');
    expect((await readUserState(iam, name)).inline).toBeNull();

    const again = await world.hold(runbook, target, incidentId);
    expect(again.generation).toBe(2);
    expect((await world.contain(runbook, again)).end).toBe('succeeded');
  });

  test('release refuses on drift unless forced', async () => {
    const { name, incidentId, containment } = await start();
    await world.contain(runbook, containment);
    await takeAway(name);

    const refused = await world.release(runbook, containment, incidentId);

    expect(refused.states.at(-1)).toBe('Release refused');
    expect((await world.containment(containment.id)).status).toBe('held');
    const forced = await world.release(runbook, containment, incidentId, { force: true });
    expect(forced.states.at(-1)).toBe('Released');
  });

  test('a release that is killed and run again ends released', async () => {
    for (let tasks = 1; tasks <= runbook.actions.length + 1; tasks++) {
      const { name, before, incidentId, containment } = await start({ ...TWO_KEYS, activeKeys: 1 });
      await world.contain(runbook, containment);

      const killed = await world.release(runbook, containment, incidentId, { reactivateKeys: true, tasks });
      expect(killed.end).toBe('killed');
      await world.hearOfTheEnd(containment);
      const again = await world.release(runbook, containment, incidentId, { reactivateKeys: true });

      expect(again.states.at(-1)).toBe('Released');
      expect(await readUserState(iam, name)).toEqual({ ...before, password: false });
    }
  });

  test('evidence lies locked in the vault, as the manifest says', async () => {
    const { incidentId, containment } = await start();
    await world.contain(runbook, containment);

    const { items, problems, locked } = await readVaultManifest(world, incidentId, containment);

    expect(items.map(({ id }) => id.split('/').at(-1))).toEqual(runbook.evidence.map(({ name }) => name));
    expect(problems).toEqual([]);
    expect(locked).toBe(true);
  });
});
