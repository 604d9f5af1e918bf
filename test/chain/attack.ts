import { CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetUserPolicyCommand, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { randomUUID } from 'node:crypto';
import { hire, type Person } from '../../drills/company/people';
import type { DrillApi } from '../../drills/clients';
import { cloudTrailRecord, userIdentity, type Call } from '../../drills/records';
import type { IncidentView } from '../../lambdas/triage/query/show-incident';
import type { Containment } from '../../lib/model/containment';
import { containmentId } from '../../lib/model/ids';
import type { Incident } from '../../lib/model/incident';
import type { JsonObject } from '../../lib/model/json';
import { deliverAwsEvent } from '../../local/deliver-event';
import { eventually } from '../embedded/aws';
import type { Firebreak } from '../embedded/firebreak';

const TRAIL = '/company/cloudtrail';

/** Plays attackers against the shared deployment, and reads what became of them. */
export class Attack {
  constructor(
    private readonly api: DrillApi,
    private readonly firebreak: Firebreak,
  ) {}

  hire(name: string): Promise<Person> {
    return hire(this.api, { name: `${name}-${randomUUID().slice(0, 8)}`, keys: 2, console: true });
  }

  /** A CloudTrail record of a call by this person. */
  record(person: Person, call: Partial<Call> & Pick<Call, 'name'>): JsonObject {
    const whole: Call = {
      eventVersion: '1.09',
      service: 'iam',
      readOnly: false,
      request: null,
      response: null,
      ...call,
    };
    const caller = { identity: userIdentity(person, this.api), address: '203.0.113.66', userAgent: 'aws-cli/2' };
    return cloudTrailRecord(caller, whole, this.api, new Date());
  }

  /** A key made for somebody else: what the plan `compromised-user` answers. */
  keyForAnother(person: Person, target = 'somebody-else'): JsonObject {
    return this.record(person, {
      name: 'CreateAccessKey',
      request: { userName: target },
      response: { accessKey: { accessKeyId: 'AKIAEXAMPLEEXAMPLE00', status: 'Active', userName: target } },
    });
  }

  async putIntoTrail(...messages: readonly (JsonObject | string)[]): Promise<void> {
    const logStreamName = randomUUID();
    await this.api.logs.send(new CreateLogStreamCommand({ logGroupName: TRAIL, logStreamName }));
    await this.api.logs.send(
      new PutLogEventsCommand({
        logGroupName: TRAIL,
        logStreamName,
        logEvents: messages.map((message) => ({
          timestamp: Date.now(),
          message: typeof message === 'string' ? message : JSON.stringify(message),
        })),
      }),
    );
  }

  async putOnBus(detail: JsonObject): Promise<void> {
    await deliverAwsEvent(this.api, { source: 'aws.iam', 'detail-type': 'AWS API Call via CloudTrail', detail });
  }

  /** Open incidents about a person. */
  async incidentsAbout(person: Person): Promise<Incident[]> {
    const answer = await this.firebreak.invoke<{ value: Incident[] }>(this.firebreak.output('QueryFunction'), {
      op: 'list',
      status: 'open',
      limit: 500,
    });
    return answer.value.filter(({ entities }) =>
      entities.some(({ id, role }) => id === person.arn && role === 'actor'),
    );
  }

  async incidentAbout(person: Person): Promise<Incident> {
    return eventually(`an incident about ${person.name}`, async () => (await this.incidentsAbout(person))[0]);
  }

  /** The containment of a person, once its status is one of these. */
  async containmentOf(person: Person, ...statuses: readonly Containment['status'][]): Promise<Containment> {
    const id = containmentId('disable-access-key', {
      kind: 'user',
      id: person.arn,
      account: this.api.account,
      region: 'us-east-1',
    });
    return eventually(
      `containment of ${person.name} being ${statuses.join(' or ')}`,
      async () => {
        const answer = await this.firebreak.invoke<{ value?: { containment: Containment } }>(
          this.firebreak.output('QueryFunction'),
          { op: 'containment', containmentId: id },
        );
        const found = answer.value?.containment;
        return found && statuses.includes(found.status) ? found : undefined;
      },
      45_000,
    );
  }

  /** From the API: is everything denied to this person, and how do the keys stand? */
  async stateOf(person: Person): Promise<{ readonly denied: boolean; readonly keys: string[] }> {
    const { iam } = this.api;
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: person.name }));
    const denied = await iam
      .send(new GetUserPolicyCommand({ UserName: person.name, PolicyName: 'FirebreakQuarantine' }))
      .then(({ PolicyDocument }) => decodeURIComponent(PolicyDocument ?? '').includes('"Deny"'))
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === 'NoSuchEntityException') return false;
        throw error;
      });
    return { denied, keys: (AccessKeyMetadata ?? []).map(({ Status }) => Status ?? '') };
  }

  async respond<T>(request: JsonObject): Promise<T> {
    const answer = await this.firebreak.invoke<{ ok: boolean; value: T; problem?: string }>(
      this.firebreak.output('RespondFunction'),
      request,
    );
    if (!answer.ok) throw new Error(answer.problem);
    return answer.value;
  }

  show(incidentId: string): Promise<IncidentView> {
    return this.firebreak.show(incidentId);
  }
}
