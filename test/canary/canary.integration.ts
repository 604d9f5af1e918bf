import { afterEach, describe, expect, test } from '@jest/globals';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import { drillApi } from '../../drills/clients';
import { alertId } from '../../lib/model/ids';
import type { Incident } from '../../lib/model/incident';
import { CANARY_RULE_ID, type CanaryState } from '../../lib/model/canary';
import type { JsonObject } from '../../lib/model/json';
import { deliverAwsEvent } from '../../local/deliver-event';
import type { EmbeddedAws } from '../../local/embedded-aws';
import { eventually } from '../embedded/aws';
import { deployedFirebreak } from '../embedded/firebreak';

/** Long enough for a canary that comes, on a busy machine. */
const PASSES_WITHIN = 60_000;
/** One that stays out is waited for so many times as long as those that came took, and no shorter than 2 seconds. */
const PATIENCE = 3;

describe('the canary, deployed', () => {
  const firebreak = deployedFirebreak();
  const { aws, table } = firebreak;
  const api = drillApi(aws as unknown as EmbeddedAws);
  const lambda = new LambdaClient(aws.client);
  let usualMs = 0;
  const events = new EventBridgeClient(aws.client);

  /** Sends one, and gives the name that it asked to delete, as CloudTrail would record it. */
  async function send(): Promise<string> {
    const before = await aws.proxy.last();
    await firebreak.invoke(await firebreak.functionName('FirebreakCanaryFunction'), {});
    const call = (await aws.proxy.calls({ after: before })).find(({ operation }) => operation === 'DeleteParameter');
    const name = Object.values(call?.resource ?? {}).find((value) => value.startsWith('/firebreak/canary/'));
    if (name === undefined) throw new Error(`no call of the canary was seen: ${JSON.stringify(call)}`);
    return name;
  }

  /** What CloudTrail does on AWS, and nothing does here. */
  function record(name: string, eventID: string = randomUUID()): JsonObject {
    return {
      eventVersion: '1.11',
      eventID,
      eventTime: new Date().toISOString(),
      eventSource: 'ssm.amazonaws.com',
      eventName: 'DeleteParameter',
      awsRegion: aws.region,
      recipientAccountId: aws.account,
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      errorCode: 'ParameterNotFound',
      sourceIPAddress: '192.0.2.7',
      userIdentity: {
        type: 'AssumedRole',
        principalId: 'AROAEXAMPLE:canary',
        arn: `arn:aws:sts::${aws.account}:assumed-role/canary/canary`,
        accountId: aws.account,
      },
      requestParameters: { name },
    };
  }

  const onBus = (detail: JsonObject) =>
    deliverAwsEvent(api, { source: 'aws.ssm', 'detail-type': 'AWS API Call via CloudTrail', detail });

  async function state(): Promise<CanaryState> {
    return (await firebreak.invoke<{ value: CanaryState }>(firebreak.output('QueryFunction'), { op: 'canary' })).value;
  }

  const passedSince = async (before: CanaryState) => {
    const now = await state();
    return now.passedAt !== before.passedAt ? now : undefined;
  };

  /** Whether a canary came through that was sent then or later: one of before may come late, and says nothing. */
  const passedOfThose = async (sentAt: string) => {
    const { passedAt = '', seconds = 0 } = await state();
    return Math.round(Date.parse(passedAt) - seconds * 1000) >= Date.parse(sentAt) || undefined;
  };

  async function incidentOf(eventId: string): Promise<Incident | undefined> {
    const { Item } = await table.client.send(
      new GetCommand({
        TableName: table.name,
        Key: { pk: `ALERT#${alertId(CANARY_RULE_ID, eventId)}`, sk: 'META' },
        ConsistentRead: true,
      }),
    );
    const id = Item?.['incidentId'] as string | undefined;
    return id === undefined ? undefined : (await firebreak.show(id)).incident;
  }

  async function mapping(fn: string): Promise<string> {
    const FunctionName = await firebreak.functionName(fn);
    const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
    return EventSourceMappings?.[0]?.UUID ?? '';
  }

  async function ruleOf(bus: string | undefined, what: string) {
    const { Rules } = await events.send(new ListRulesCommand({ EventBusName: bus }));
    const rule = Rules?.find(({ Name }) => Name?.includes(what));
    if (rule?.Name === undefined) throw new Error(`there is no rule '${what}'`);
    return { Name: rule.Name, EventBusName: bus };
  }

  async function ownBus(): Promise<string | undefined> {
    const { EventBuses } = await events.send(new ListEventBusesCommand({}));
    return EventBuses?.find(({ Name }) => Name !== 'default')?.Name;
  }

  afterEach(() => aws.proxy.clearFaults());

  test('comes through the whole chain, opens no incident and pages nobody', async () => {
    const before = await state();
    const id = randomUUID();
    const name = await send();

    await onBus(record(name, id));
    const sent = Date.now();
    const passed = await eventually('the canary', () => passedSince(before), PASSES_WITHIN);
    usualMs = Date.now() - sent;

    expect(passed.via).toBe('eventbridge');
    expect(passed.seconds).toBeGreaterThan(0);
    console.log(`the canary came through in ${passed.seconds} s`);
    expect(await incidentOf(id)).toBeUndefined();
  });

  test('delivered twice it is one canary; copied under another event id it is an incident that pages', async () => {
    const before = await state();
    const id = randomUUID();
    const name = await send();
    await onBus(record(name, id));
    await onBus(record(name, id));
    await eventually('the canary', () => passedSince(before), PASSES_WITHIN);
    const copy = randomUUID();

    await onBus(record(name, copy));
    const incident = await eventually(
      'an incident about the copy',
      async () => {
        const found = await incidentOf(copy);
        return found?.handOvers['escalation']?.state === 'started' ? found : undefined;
      },
      PASSES_WITHIN,
    );

    expect(await incidentOf(id)).toBeUndefined();
    expect(incident.status).toBe('open');
  });

  test('that nobody registered is an incident that pages', async () => {
    const name = await send();
    const forged = `${name.slice(0, name.lastIndexOf('/') + 1)}${'A'.repeat(22)}`;
    const id = randomUUID();

    await onBus(record(forged, id));

    const incident = await eventually('an incident', () => incidentOf(id), PASSES_WITHIN);
    expect(incident.rules).toEqual([CANARY_RULE_ID]);
  });

  test('cannot be sent by whoever reads the store: no token stands in it', async () => {
    const name = await send();
    const token = name.slice(name.lastIndexOf('/') + 1);
    const { Items } = await table.client.send(new ScanCommand({ TableName: table.name }));

    expect(JSON.stringify(Items)).not.toContain(token);
  });

  test('an event on the bus that names no canary of ours does not keep the alarm quiet', async () => {
    const handler = await firebreak.functionName('FirebreakCanaryFunction');
    const before = await state();
    const name = await send();
    const forged = { 'detail-type': 'Canary Arrived', detail: { canary: 'f'.repeat(64) } };

    await expect(firebreak.invoke(handler, forged)).rejects.toThrow('no alert came');
    expect(name).toContain('/firebreak/canary/');
    expect((await state()).passedAt).toBe(before.passedAt);
  });

  /** Each link by hand: broken, nothing comes out and so no metric; mended, the same canary or the next comes through. */
  const LINKS: readonly {
    readonly link: string;
    readonly breakIt: () => Promise<() => Promise<unknown>>;
  }[] = [
    {
      link: 'the rule that leads CloudTrail to the detector',
      breakIt: async () => {
        const rule = await ruleOf(undefined, 'CloudTrailEvents');
        await events.send(new DisableRuleCommand(rule));
        return () => events.send(new EnableRuleCommand(rule));
      },
    },
    {
      link: 'the queue of alerts (detector may not send)',
      breakIt: async () => {
        const source = await firebreak.functionName('FirebreakDetectorFunction');
        await aws.proxy.inject({ match: { source, operation: 'SendMessageBatch' }, fault: 'access-denied', times: 0 });
        return () => aws.proxy.clearFaults();
      },
    },
    {
      link: 'the way from the queue to triage',
      breakIt: async () => {
        const UUID = await mapping('FirebreakTriageFunction');
        await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
        return () => lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
      },
    },
    {
      link: 'the store (triage may not write)',
      breakIt: async () => {
        const source = await firebreak.functionName('FirebreakTriageFunction');
        await aws.proxy.inject({ match: { source, operation: 'UpdateItem' }, fault: 'access-denied', times: 0 });
        return () => aws.proxy.clearFaults();
      },
    },
    {
      link: 'the hand-over to escalation (StartExecution)',
      breakIt: async () => {
        const source = await firebreak.functionName('FirebreakTriageFunction');
        await aws.proxy.inject({ match: { source, operation: 'StartExecution' }, fault: 'access-denied', times: 0 });
        return () => aws.proxy.clearFaults();
      },
    },
    {
      link: 'the page function',
      breakIt: async () => {
        const source = await firebreak.functionName('FirebreakEscalationPage');
        await aws.proxy.inject({ match: { source }, fault: 'access-denied', times: 0 });
        return () => aws.proxy.clearFaults();
      },
    },
    {
      link: "the publisher's stream",
      breakIt: async () => {
        const UUID = await mapping('FirebreakPublisherFunction');
        await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
        return () => lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
      },
    },
    {
      link: "the rule on Firebreak's own bus",
      breakIt: async () => {
        const rule = await ruleOf(await ownBus(), 'CanaryArrived');
        await events.send(new DisableRuleCommand(rule));
        return () => events.send(new EnableRuleCommand(rule));
      },
    },
  ];

  test.each(LINKS)('with $link broken nothing comes out, and mended it does', async ({ breakIt }) => {
    const mend = await breakIt();
    const name = await send();
    const { sentAt = '' } = await state();
    await onBus(record(name));
    await new Promise((resolve) => setTimeout(resolve, Math.max(2_000, PATIENCE * usualMs)));
    const broken = await passedOfThose(sentAt);
    await mend();
    const mended = Date.now();
    await onBus(record(await send()));

    expect(broken).toBeUndefined();
    await eventually('this canary, or the next', () => passedOfThose(sentAt), PASSES_WITHIN);
    usualMs = Math.max(usualMs, Date.now() - mended);
  });
});
