import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { randomBytes } from 'node:crypto';
import { handler as conclude } from '../../lambdas/contain/conclude/handler';
import { guardRailsHandler } from '../../lambdas/contain/guard-rails/guard';
import type { SubjectOf, Subjects } from '../../lambdas/contain/guard-rails/subject';
import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { containHandler } from '../../lambdas/contain/runbook-host/contain';
import { evidenceHandler } from '../../lambdas/contain/runbook-host/evidence';
import { handler as auditor } from '../../lambdas/contain/auditor/handler';
import { releaseHandler } from '../../lambdas/contain/runbook-host/release';
import { changeContainment, getContainment } from '../../lambdas/shared/store/containments';
import { createIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { makeTable, type Table } from '../../lambdas/shared/store/table';
import { containMachine } from '../../lib/contain/machines/contain-machine';
import { releaseMachine } from '../../lib/contain/machines/release-machine';
import type { Containment } from '../../lib/model/containment';
import type { GuardRailSettings } from '../../lib/model/guard-rails';
import { containmentId, executionName, newIncidentId } from '../../lib/model/ids';
import type { Mode, Target } from '../../lib/model/plan';
import type { TestAws } from '../embedded/aws';
import { runMachine, type Handlers, type Ran } from './machine-runner';

const FUNCTIONS = {
  guardRails: 'guardRails',
  conclude: 'conclude',
  evidence: 'evidence',
  contain: 'contain',
  release: 'release',
};

export const GUARD_RAILS: GuardRailSettings = {
  account: '000000000000',
  region: 'us-east-1',
  protected: ['arn:aws:iam::*:user/break-glass-*', 'arn:aws:iam::*:role/break-glass/*'],
  networks: [],
  maximumContainmentsPerHour: 50,
};

/** A store, a vault and a brake of the test's own, and everything of the contain stage running in this process. */
export class World {
  readonly table: Table;
  readonly bucket: string;
  readonly brake: string;
  readonly s3: S3Client;
  readonly #ssm: SSMClient;

  private constructor(
    readonly aws: TestAws,
    name: string,
  ) {
    this.table = makeTable(new DynamoDBClient(aws.client), name);
    this.bucket = `vault-${name}`;
    this.brake = `/firebreak/${name}/brake`;
    this.s3 = new S3Client({ ...aws.client, forcePathStyle: true });
    this.#ssm = new SSMClient(aws.client);
  }

  /** `parameters`: what the construct of a runbook passes on besides. Read once a test file. */
  static async create(
    aws: TestAws,
    quarantinePolicyArn: string,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<World> {
    const world = new World(aws, `contain-${randomBytes(4).toString('hex')}`);
    await createTable(new DynamoDBClient(aws.client), world.table.name);
    await world.s3.send(new CreateBucketCommand({ Bucket: world.bucket, ObjectLockEnabledForBucket: true }));
    await world.setBrake('released');
    Object.assign(process.env, {
      INCIDENT_TABLE: world.table.name,
      VAULT_BUCKET: world.bucket,
      VAULT_RETENTION_DAYS: '1',
      BRAKE_PARAMETER: world.brake,
      GUARD_RAILS: JSON.stringify(GUARD_RAILS),
      RUNBOOK_PARAMETERS: JSON.stringify({ partition: 'aws', quarantinePolicyArn, ...parameters }),
      CONTAIN_ROLE_ARN: await createRole(aws, `${world.table.name}-contain`),
      RELEASE_ROLE_ARN: await createRole(aws, `${world.table.name}-release`),
      ESCALATION_MACHINES: '{}',
      RUNBOOK_MACHINES: '{}',
    });
    return world;
  }

  async setBrake(Value: string): Promise<void> {
    await this.#ssm.send(new PutParameterCommand({ Name: this.brake, Value, Type: 'String', Overwrite: true }));
  }

  async openIncident(): Promise<string> {
    const now = new Date();
    const { id } = await createIncident(
      this.table,
      {
        schemaVersion: 1,
        id: newIncidentId(now),
        status: 'open',
        title: 'Test',
        severity: 'SEV2',
        account: '000000000000',
        region: 'us-east-1',
        openedAt: now.toISOString(),
        firstEventAt: now.toISOString(),
        lastAlertAt: now.toISOString(),
        alertCount: 1,
        rules: [],
        entities: [],
        chain: 'oncall',
        handOvers: {},
      },
      [{ stage: 'triage', kind: 'incident-opened', text: 'Test', by: 'test' }],
      [],
      now,
    );
    return id;
  }

  /** As triage hands over: holds the containment and opens its next attempt. */
  async hold(runbook: Runbook, target: Target, incidentId: string, mode: Mode = 'enforce'): Promise<Containment> {
    const id = containmentId(runbook.facts.id, target);
    const held = await changeContainment(this.table, id, (before) => ({
      schemaVersion: 1,
      id,
      runbook: runbook.facts.id,
      target,
      mode,
      generation: (before?.generation ?? 1) + (before?.status === 'released' ? 1 : 0),
      attempt: (before?.attempt ?? 0) + 1,
      status: 'starting',
      holds: [...new Set([...(before?.holds ?? []), incidentId])],
      incidentId,
      startedAt: new Date().toISOString(),
    }));
    if (!held) throw new Error('not held');
    return held;
  }

  async contain(runbook: Runbook, containment: Containment, options: RunOptions = {}): Promise<Ran> {
    const execution = `arn:aws:states:us-east-1:000000000000:execution:contain:${executionName(containment.id, containment.attempt)}`;
    const input = { schemaVersion: 1, containmentId: containment.id, attempt: containment.attempt };
    return runMachine(containMachine(runbook.facts, FUNCTIONS), await handlersOf(runbook, options), input, {
      execution,
      ...options,
    });
  }

  async release(
    runbook: Runbook,
    containment: Containment,
    incidentId: string,
    options: RunOptions & { readonly force?: boolean; readonly reactivateKeys?: boolean } = {},
  ): Promise<Ran> {
    const name = `release-${randomBytes(4).toString('hex')}`;
    const input = {
      schemaVersion: 1,
      containmentId: containment.id,
      incidentId,
      by: 'Ada',
      reason: 'false alarm',
      force: options.force ?? false,
      reactivateKeys: options.reactivateKeys ?? false,
    };
    return runMachine(releaseMachine(runbook.facts, FUNCTIONS), await handlersOf(runbook, options), input, {
      execution: `arn:aws:states:us-east-1:000000000000:execution:release:${name}`,
      ...options,
    });
  }

  /** As Step Functions tells the auditor of the execution that was killed. */
  async hearOfTheEnd({ id }: Containment): Promise<void> {
    const { executionArn } = await this.containment(id);
    await auditor({
      'detail-type': 'Step Functions Execution Status Change',
      detail: { status: 'ABORTED', executionArn, input: JSON.stringify({ containmentId: id }) },
    });
  }

  /** Another incident wants the same. */
  async addHold(id: string, incidentId: string): Promise<void> {
    await changeContainment(this.table, id, (now) => now && { ...now, holds: [...now.holds, incidentId] });
  }

  async containment(id: string): Promise<Containment> {
    const found = await getContainment(this.table, id);
    if (!found) throw new Error(`no containment ${id}`);
    return found;
  }

  /** What failed, for the message of a test. */
  async failures(incidentId: string): Promise<string[]> {
    const records = await readTimeline(this.table, incidentId);
    return records.filter(({ kind }) => /failed|not-/.test(kind)).map(({ kind, text }) => `${kind}: ${text}`);
  }

  async kinds(incidentId: string): Promise<string[]> {
    return (await readTimeline(this.table, incidentId)).map(({ kind }) => kind);
  }
}

interface RunOptions {
  /** Ends the run before this task, as if somebody had stopped it. */
  readonly tasks?: number;
  /** Calls every function twice, as a retry after a lost answer does. */
  readonly twice?: boolean;
  readonly onState?: (name: string) => Promise<void>;
  /** What the guard rails are bundled with. By default the runbook's own `subject.ts`. */
  readonly subjects?: Subjects;
}

/** The handlers of the contain stage in this process. */
export async function handlersOf(runbook: Runbook, { twice = false, subjects }: RunOptions = {}): Promise<Handlers> {
  const { id } = runbook.facts;
  const all: Handlers = {
    guardRails: guardRailsHandler(subjects ?? { [id]: await subjectAt(id) }),
    conclude,
    evidence: evidenceHandler(runbook),
    contain: containHandler(runbook),
    release: releaseHandler(runbook),
  };
  if (!twice) return all;
  return Object.fromEntries(
    Object.entries(all).map(([name, handler]) => [
      name,
      async (payload: unknown) => {
        await handler(payload);
        return handler(payload);
      },
    ]),
  );
}

/** What each run assumes. The emulator denies nothing; what is allowed is proven in test/iam. */
async function createRole(aws: TestAws, RoleName: string): Promise<string> {
  const { Role } = await new IAMClient(aws.client).send(
    new CreateRoleCommand({
      RoleName,
      Path: '/firebreak/',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
      }),
    }),
  );
  if (Role?.Arn === undefined) throw new Error(`role '${RoleName}' has no ARN`);
  return Role.Arn;
}

/** As the bundle finds it: by its place. */
async function subjectAt(id: string): Promise<SubjectOf> {
  const { subjectOf } = (await import(`../../runbooks/${id}/subject`)) as { subjectOf: SubjectOf };
  return subjectOf;
}

async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const indexes = [
    ['status', 'status', 'openedAt'],
    ['pending', 'pending', 'pendingSince'],
    ['work', 'work', 'startedAt'],
  ] as const;
  const names = new Set(['pk', 'sk', ...indexes.flatMap(([, hash, range]) => [hash, range])]);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: indexes.map(([IndexName, hash, range]) => ({
        IndexName,
        KeySchema: [
          { AttributeName: hash, KeyType: 'HASH' },
          { AttributeName: range, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      })),
    }),
  );
}
