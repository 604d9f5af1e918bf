import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { ListAccessKeysCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { drillApi } from '../../drills/clients';
import type { JsonObject } from '../../lib/model/json';
import type { EmbeddedAws } from '../../local/embedded-aws';
import type { RecordedCall } from '../../local/proxy/call';
import { eventually } from '../embedded/aws';
import { deployedFirebreak } from '../embedded/firebreak';
import { Attack } from './attack';

const UNTOUCHED = { denied: false, keys: ['Active', 'Active'] };
const CONTAINED = { denied: true, keys: ['Inactive', 'Inactive'] };

describe('the whole chain, deployed', () => {
  const firebreak = deployedFirebreak();
  const { aws } = firebreak;
  const api = drillApi(aws as unknown as EmbeddedAws);
  const attack = new Attack(api, firebreak);
  const target = (arn: string): JsonObject => ({ kind: 'user', id: arn, account: aws.account, region: 'us-east-1' });

  /** Changes that Firebreak made to anything that is not its own. */
  async function foreignChanges(after: number): Promise<RecordedCall[]> {
    const calls = await aws.proxy.calls({ after, mutating: true });
    const own = new Set(['dynamodb', 'sqs', 'sns', 'states', 'events', 'lambda', 'logs']);
    return calls
      .filter(({ source }) => source.kind === 'lambda')
      .filter(({ service }) => !own.has(service))
      .filter(
        ({ service, resource }) =>
          !(service === 's3' && Object.values(resource).includes(firebreak.output('VaultBucket'))),
      );
  }

  async function executions(machine: string, prefix: string): Promise<number> {
    const stateMachineArn = firebreak
      .output('Machines')
      .split(',')
      .find((arn) => arn.includes(machine));
    const { executions: found } = await api.machines.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }),
    );
    return (found ?? []).filter(({ name }) => name?.startsWith(prefix)).length;
  }

  async function setBrake(Value: string): Promise<void> {
    await api.parameters.send(
      new PutParameterCommand({ Name: firebreak.output('BrakeParameter'), Value, Overwrite: true, Type: 'String' }),
    );
  }

  beforeAll(() => setBrake('released'));
  afterEach(async () => {
    await aws.proxy.clearFaults();
    await setBrake('released');
  });

  test('one event by both ways and twice is one alert, one incident, one containment, one escalation', async () => {
    const mallory = await attack.hire('both-ways');
    const record = attack.keyForAnother(mallory);

    await Promise.all([attack.putIntoTrail(record, record), attack.putOnBus(record), attack.putIntoTrail(record)]);
    const containment = await attack.containmentOf(mallory, 'held');
    const incidents = await attack.incidentsAbout(mallory);

    expect(incidents).toHaveLength(1);
    expect(incidents[0]?.alertCount).toBe(1);
    expect(await attack.stateOf(mallory)).toEqual(CONTAINED);
    expect(await executions('disableaccesskeyContain', containment.id)).toBe(1);
    expect(await executions('oncall', incidents[0]?.id ?? '?')).toBe(1);
  });

  test('what the actor made is looked for once it is contained, and listed once', async () => {
    const mallory = await attack.hire('swept');

    await attack.putIntoTrail(attack.keyForAnother(mallory));
    const containment = await attack.containmentOf(mallory, 'held');

    // The embedded AWS shows no history, so that all the sweep knows is what the alert says.
    const timeline = await eventually(
      'the end of the sweep',
      async () => {
        const shown = await attack.show((await attack.incidentAbout(mallory)).id);
        // Others make keys for the same user in these tests: the incident may be theirs, too.
        const mine = shown.timeline.filter(({ details }) => details?.['containmentId'] === containment.id);
        return mine.some(({ kind }) => kind === 'sweep-ended') ? mine : undefined;
      },
      60_000,
    );
    const found = timeline.filter(({ kind }) => kind === 'sweep-found');
    expect(found.map(({ text }) => text)).toEqual([
      expect.stringContaining('AKIAEXAMPLEEXAMPLE00 (created, iam:CreateAccessKey)'),
    ]);
    expect(timeline.filter(({ kind }) => kind === 'sweep-started')).toHaveLength(1);
    expect(timeline.map(({ kind }) => kind)).not.toContain('sweep-failed');
    expect((await attack.containmentOf(mallory, 'held')).attempt).toBe(containment.attempt);
  });

  test('two incidents hold one containment, and only the last one lets go', async () => {
    const mallory = await attack.hire('held-twice');
    const open = (by: string) =>
      attack.respond<{ incidentId: string }>({
        op: 'open',
        by,
        title: `opened by ${by}`,
        severity: 'SEV3',
        contain: [{ runbook: 'disable-access-key', target: target(mallory.arn) }],
      });
    const [one, other] = await Promise.all([open('Ada'), open('Grace')]);
    const held = await attack.containmentOf(mallory, 'held');

    expect([...held.holds].sort()).toEqual([one.incidentId, other.incidentId].sort());
    expect(await executions('disableaccesskeyContain', held.id)).toBe(1);
    for (const { incidentId } of [one, other]) {
      const { timeline } = await attack.show(incidentId);
      expect(timeline.map(({ kind }) => kind)).toContain('containment-verified');
    }

    const release = (incidentId: string) =>
      attack.respond({
        op: 'release',
        containmentId: held.id,
        incidentId,
        by: 'Ada',
        reason: 'over',
        force: false,
        reactivateKeys: false,
      });
    await release(one.incidentId);
    await eventually('the first hold gone', async () => {
      const now = await attack.containmentOf(mallory, 'held');
      return now.holds.length === 1 ? now : undefined;
    });
    expect(await attack.stateOf(mallory)).toEqual(CONTAINED);

    await release(other.incidentId);
    await attack.containmentOf(mallory, 'released');
    // The deny is gone; leaked keys stay as they are without a person's explicit word.
    expect(await attack.stateOf(mallory)).toEqual({ denied: false, keys: ['Inactive', 'Inactive'] });
  });

  test('observe changes nothing outside Firebreak, and says what would have been done', async () => {
    const mallory = await attack.hire('watched');
    const after = await aws.proxy.last();
    const login = attack.record(mallory, {
      name: 'ConsoleLogin',
      service: 'signin',
      response: { ConsoleLogin: 'Success' },
    });
    await attack.putIntoTrail({
      ...login,
      eventType: 'AwsConsoleSignIn',
      additionalEventData: { MFAUsed: 'No', MobileVersion: 'No', LoginTo: 'https://console.aws.amazon.com/' },
    });

    await attack.containmentOf(mallory, 'planned');
    const { timeline } = await attack.show((await attack.incidentAbout(mallory)).id);

    expect(await foreignChanges(after)).toEqual([]);
    expect(timeline.find(({ kind }) => kind === 'containment-planned')?.text).toMatch(/Would make \d+ change/);
    expect(await attack.stateOf(mallory)).toEqual(UNTOUCHED);
  });

  test.each([
    ['put on by a person', () => setBrake('paused by Ada at 2026-11-21T03:00:00Z: exercise'), /paused by Ada/],
    [
      'unreadable',
      () => aws.proxy.inject({ match: { operation: 'GetParameter' }, fault: 'access-denied', times: 0 }),
      /could not be read/,
    ],
  ])('with the brake %s nothing is changed, and people are told', async (_, hold, reason) => {
    const mallory = await attack.hire('braked');
    await hold();
    const after = await aws.proxy.last();

    await attack.putIntoTrail(attack.keyForAnother(mallory));
    const refused = await attack.containmentOf(mallory, 'refused');

    expect(refused.reason).toMatch(reason);
    expect(await foreignChanges(after)).toEqual([]);
    expect(await attack.stateOf(mallory)).toEqual(UNTOUCHED);
    const { timeline } = await attack.show((await attack.incidentAbout(mallory)).id);
    expect(timeline.map(({ kind }) => kind)).toContain('containment-refused');
  });

  test('a brake put on in the middle stops what is left, and the incident says what was and was not done', async () => {
    const mallory = await attack.hire('braked-midway');
    // The guard rails and the first action still read it; the second does not.
    await aws.proxy.inject({ match: { operation: 'GetParameter' }, fault: 'access-denied', times: 0, skip: 2 });

    await attack.putIntoTrail(attack.keyForAnother(mallory));
    const failed = await attack.containmentOf(mallory, 'failed');

    expect(await attack.stateOf(mallory)).toEqual({ denied: true, keys: ['Active', 'Active'] });
    expect(failed.reason).toMatch(/Done: Deny everything\. Not done: Deactivate access keys/);
    const { incident } = await attack.show((await attack.incidentAbout(mallory)).id);
    expect(incident.severity).toBe('SEV1');
  });

  test('what one attempt changed is still taken back after a second one was refused', async () => {
    const mallory = await attack.hire('refused-later');
    await aws.proxy.inject({ match: { operation: 'GetParameter' }, fault: 'access-denied', times: 0, skip: 2 });
    await attack.putIntoTrail(attack.keyForAnother(mallory));
    const failed = await attack.containmentOf(mallory, 'failed');
    await aws.proxy.clearFaults();

    await setBrake('paused by Ada: exercise');
    const { incidentId } = await attack.respond<{ incidentId: string }>({
      op: 'open',
      by: 'Ada',
      title: 'once more',
      severity: 'SEV3',
      contain: [{ runbook: 'disable-access-key', target: target(mallory.arn) }],
    });
    await attack.containmentOf(mallory, 'refused');
    await setBrake('released');
    for (const hold of new Set([...failed.holds, incidentId])) {
      await attack.respond({
        op: 'release',
        containmentId: failed.id,
        incidentId: hold,
        by: 'Ada',
        reason: 'over',
        force: true,
        reactivateKeys: false,
      });
      await eventually(
        'the hold gone',
        async () => {
          const now = await attack.containmentOf(mallory, 'refused', 'releasing', 'released');
          return now.holds.includes(hold) ? undefined : now;
        },
        45_000,
      );
    }

    await attack.containmentOf(mallory, 'released');
    expect(await attack.stateOf(mallory)).toEqual(UNTOUCHED);
  });

  test('an attack on what is held is read back and contained anew, and nothing is lost of the state before', async () => {
    const mallory = await attack.hire('comes-back');
    await attack.putIntoTrail(attack.keyForAnother(mallory));
    const held = await attack.containmentOf(mallory, 'held');
    const [key] = (await api.iam.send(new ListAccessKeysCommand({ UserName: mallory.name }))).AccessKeyMetadata ?? [];
    await api.iam.send(
      new UpdateAccessKeyCommand({ UserName: mallory.name, AccessKeyId: key?.AccessKeyId, Status: 'Active' }),
    );

    await attack.respond({
      op: 'open',
      by: 'Grace',
      title: 'he is back',
      severity: 'SEV2',
      contain: [{ runbook: 'disable-access-key', target: target(mallory.arn) }],
    });
    await eventually(
      'a second attempt',
      async () => {
        const now = await attack.containmentOf(mallory, 'held', 'starting', 'containing', 'verified');
        return now.attempt > held.attempt && now.status === 'held' ? now : undefined;
      },
      45_000,
    );

    expect(await attack.stateOf(mallory)).toEqual(CONTAINED);
  });

  test('a user whom only a failed call names is not contained; the caller is looked at', async () => {
    const mallory = await attack.hire('liar');
    const chief = await attack.hire('chief-executive');
    await attack.putIntoTrail({
      ...attack.keyForAnother(mallory, chief.name),
      errorCode: 'AccessDenied',
      errorMessage: `not authorized to perform: iam:CreateAccessKey on ${chief.name}`,
      responseElements: null,
    });
    // Something that does lead to an incident comes behind it: by then the first was dealt with.
    await attack.putIntoTrail(attack.keyForAnother(mallory));
    await attack.containmentOf(mallory, 'held');

    expect(await attack.stateOf(chief)).toEqual(UNTOUCHED);
  });

  test('a protected user is refused and escalated', async () => {
    const guard = await attack.hire('break-glass');
    await attack.putIntoTrail(attack.keyForAnother(guard));

    const refused = await attack.containmentOf(guard, 'refused');

    expect(refused.reason).toMatch(/protected by the guard rail/);
    expect(await attack.stateOf(guard)).toEqual(UNTOUCHED);
  });

  test('lines that are no JSON, and one of a megabyte, do not stop the others', async () => {
    const mallory = await attack.hire('among-rubbish');

    await attack.putIntoTrail('not JSON', '{"half": ', attack.keyForAnother(mallory), 'x'.repeat(200_000), '[]');

    await attack.containmentOf(mallory, 'held');
    expect(await attack.stateOf(mallory)).toEqual(CONTAINED);
  });
});
