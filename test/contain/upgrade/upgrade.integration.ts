import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  GetUserCommand,
  ListAccessKeysCommand,
  IAMClient,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCK_SECONDS } from '../../../lambdas/contain/shared/target-lock';
import type { Machine } from '../../../lib/contain/machines/asl';
import type { JsonObject } from '../../../lib/model/json';
import { QUARANTINE_DOCUMENT, QUARANTINE_POLICY_NAME } from '../../../lib/model/quarantine';
import { containmentId } from '../../../lib/model/ids';
import { runbook } from '../../../runbooks/disable-access-key/actions';
import { cases, type UserCase } from '../../../runbooks/disable-access-key/cases';
import { embeddedAws } from '../../embedded/aws';
import { makeUser, readUserState } from '../../runbooks/user';
import { runMachine } from '../machine-runner';
import { handlersOf, World } from '../world';

jest.setTimeout(120_000);

/**
 * What the version of that commit left behind: both machines, the records of a store in the middle of an execution, and
 * the data that the execution carried. Recorded from its own code, with names of the target to be filled in.
 */
interface Recorded {
  readonly machines: { readonly contain: Machine; readonly release: Machine };
  /** The states that had been done. */
  readonly states: readonly string[];
  readonly data: JsonObject;
  readonly items: readonly JsonObject[];
}

const TWO_KEYS = cases[1] as UserCase;
const INCIDENT = 'inc-upgrade-0000';

describe.each(['e0db34f'])('executions that version %s began', (version) => {
  const aws = embeddedAws();
  const iam = new IAMClient(aws.client);
  let world: World;

  beforeAll(async () => {
    world = await World.create(aws, 'arn:aws:iam::000000000000:policy/unused');
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
    jest.spyOn(console, 'error').mockReturnValue();
  });

  const execution = 'arn:aws:states:us-east-1:000000000000:execution:contain:upgrade-1';

  /** A user as the recording's was, and the recording about that user. */
  async function recorded(incident: string) {
    const { target, name } = await makeUser(iam, TWO_KEYS);
    const before = await readUserState(iam, name);
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: name }));
    const { User } = await iam.send(new GetUserCommand({ UserName: name }));
    const id = containmentId(runbook.facts.id, target);
    const values: Record<string, string> = {
      containment: id,
      incident,
      user: name,
      userId: User?.UserId ?? '',
      key1: AccessKeyMetadata[0]?.AccessKeyId ?? '',
      key2: AccessKeyMetadata[1]?.AccessKeyId ?? '',
      table: world.table.name,
    };
    const text = readFileSync(join(__dirname, `${version}.json`), 'utf8');
    const filled = text.replaceAll(/\{\{(\w+)\}\}/g, (unfilled, key: string) => values[key] ?? unfilled);
    const then = JSON.parse(filled, (_, value: unknown) =>
      // Taken when the test runs: in the recording it would have lapsed four hours later.
      value === '{{heldUntil}}' ? Math.floor(Date.now() / 1000) + LOCK_SECONDS : value,
    ) as Recorded;
    return { name, before, id, keys: AccessKeyMetadata, then };
  }

  test('finish under this one, from the middle, and give back what that version had written down', async () => {
    const { name, before, id, keys, then } = await recorded(INCIDENT);
    expect(then.states).toEqual([
      'Check the guard rails',
      'What may be done?',
      'Deny everything',
      'Deactivate access keys',
    ]);
    // What its first two actions had changed.
    await iam.send(
      new PutUserPolicyCommand({
        UserName: name,
        PolicyName: QUARANTINE_POLICY_NAME,
        PolicyDocument: JSON.stringify(QUARANTINE_DOCUMENT),
      }),
    );
    for (const { AccessKeyId } of keys) {
      await iam.send(new UpdateAccessKeyCommand({ UserName: name, AccessKeyId, Status: 'Inactive' }));
    }
    for (const Item of then.items) await world.table.client.send(new PutCommand({ TableName: world.table.name, Item }));
    const { contain, release } = then.machines;
    const next = contain.States[then.states.at(-1) ?? '']?.['Next'] as string;

    const ran = await runMachine({ ...contain, StartAt: next }, await handlersOf(runbook), then.data, { execution });

    expect([ran.end, ran.states.at(-1)]).toEqual(['succeeded', 'Contained']);
    expect((await world.containment(id)).status).toBe('held');
    expect((await readUserState(iam, name)).password).toBe(false);

    const ask = { schemaVersion: 1, containmentId: id, incidentId: INCIDENT, by: 'Ada', reason: '', force: false };
    const released = await runMachine(
      release,
      await handlersOf(runbook),
      { ...ask, reactivateKeys: true },
      { execution },
    );

    expect(released.states.at(-1)).toBe('Released');
    expect(await readUserState(iam, name)).toEqual({ ...before, password: false });
  });

  test('run its machines with this version’s functions from the first state to the last', async () => {
    const { target, name } = await makeUser(iam, TWO_KEYS);
    const before = await readUserState(iam, name);
    const { then } = await recorded(INCIDENT);
    const incidentId = await world.openIncident();
    const held = await world.hold(runbook, target, incidentId);
    const input = { schemaVersion: 1, containmentId: held.id, attempt: held.attempt };

    const ran = await runMachine(then.machines.contain, await handlersOf(runbook), input, { execution });
    expect([ran.end, (await world.containment(held.id)).status]).toEqual(['succeeded', 'held']);

    const ask = { schemaVersion: 1, containmentId: held.id, incidentId, by: 'Ada', reason: '', force: false };
    const released = await runMachine(
      then.machines.release,
      await handlersOf(runbook),
      { ...ask, reactivateKeys: true },
      { execution },
    );
    expect(released.states.at(-1)).toBe('Released');
    expect(await readUserState(iam, name)).toEqual({ ...before, password: false });
  });

  test('a payload of a version that does not exist yet is refused by name', async () => {
    const { guardRails } = await handlersOf(runbook);
    await expect(guardRails?.({ schemaVersion: 2, containmentId: 'con-1', attempt: 1 })).rejects.toThrow(
      'the payload has schemaVersion 2; this function understands 1',
    );
  });
});
