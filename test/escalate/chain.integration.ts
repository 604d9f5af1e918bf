import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { App, CfnOutput, Duration, Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Escalation } from '../../lib/escalate/escalation';
import { EscalationChain } from '../../lib/escalate/escalation-chain';
import { Recipient } from '../../lib/escalate/recipient';
import { executionName } from '../../lib/model/ids';
import type { Incident } from '../../lib/model/incident';
import type { WebhookPage } from '../../lambdas/escalate/page/webhook';
import { getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { makeTable, type Table } from '../../lambdas/shared/store/table';
import { IncidentStore } from '../../lib/triage/incident-store';
import { deploy } from '../../local/cdk';
import { packageRoot } from '../../local/paths';
import { embeddedAws, eventually } from '../embedded/aws';
import { openIncident } from './own-store';
import { startReceiver, type Receiver } from './receiver';

const STACK = 'EscalateTest';
const SECRET = 'a secret that both know';
const ROUTING_KEY = 'R'.repeat(32);

const aws = embeddedAws();
const sfn = new SFNClient(aws.client);
const sqs = new SQSClient(aws.client);
let receiver: Receiver;
let outputs: Record<string, string>;
let table: Table;

/** The webhook and the pager of this machine have no TLS; a token is never validated. */
function local(path: string): string {
  return Lazy.string({ produce: () => `${receiver.url}${path}` });
}

function synthesise(assembly: string): void {
  const app = new App({ outdir: assembly });
  const stack = new Stack(app, STACK, { env: { account: aws.account, region: aws.region } });
  const secret = (id: string, text: string) =>
    new Secret(stack, id, { secretStringValue: SecretValue.unsafePlainText(text) });
  const [first, second] = [new Queue(stack, 'First'), new Queue(stack, 'Second')];
  const store = new IncidentStore(stack, 'Store');
  const chain = new EscalationChain(stack, 'OnCall', {
    levels: [
      {
        name: 'First responder',
        recipients: [Recipient.queue(first), Recipient.email('silent@example.com')],
        acknowledgeWithin: Duration.minutes(2),
        repeats: 1,
      },
      {
        name: 'Security lead',
        recipients: [
          Recipient.queue(second),
          Recipient.sms('+491701234567'),
          Recipient.https(local('/webhook'), { signingSecret: secret('Signing', SECRET) }),
          Recipient.pagerDuty({ routingKey: secret('RoutingKey', ROUTING_KEY), endpoint: local('/pager') }),
        ],
        acknowledgeWithin: Duration.minutes(10),
      },
    ],
  });
  const escalation = new Escalation(stack, 'Escalation', {
    store,
    encryptionKey: new Key(stack, 'Key'),
    chains: [chain],
  });
  for (const [name, value] of Object.entries({
    Table: store.table.tableName,
    Machine: chain.machine.stateMachineArn,
    FirstQueue: first.queueUrl,
    SecondQueue: second.queueUrl,
    Endpoint: escalation.endpoint.url,
  })) {
    new CfnOutput(stack, name, { value });
  }
  app.synth();
}

beforeAll(async () => {
  receiver = await startReceiver();
  const folder = join(packageRoot(), '.firebreak', 'escalate-test');
  await rm(folder, { recursive: true, force: true });
  const assembly = join(folder, 'cdk.out');
  synthesise(assembly);
  const outputsFile = join(folder, 'outputs.json');
  await deploy({ aws, assembly, outputsFile });
  outputs = (JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<string, Record<string, string>>)[STACK] ?? {};
  table = makeTable(new DynamoDBClient(aws.client), out('Table'));
}, 120_000);
afterAll(() => receiver.close());

function out(name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`the test stack has no output '${name}'`);
  return value;
}

async function start(incident: Incident): Promise<string> {
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({
      stateMachineArn: out('Machine'),
      name: executionName(incident.id, 1),
      input: JSON.stringify({ schemaVersion: 1, incidentId: incident.id, attempt: 1 }),
    }),
  );
  return executionArn ?? '';
}

async function ended(executionArn: string) {
  return eventually(
    'the end of the execution',
    async () => {
      const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return execution.status === 'RUNNING' ? undefined : execution;
    },
    40_000,
  );
}

/** Takes everything about an incident off a queue. */
async function take(queue: string, incident: Incident): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return bodies.filter((body) => body.includes(incident.id));
    for (const { Body = '', ReceiptHandle } of Messages) {
      bodies.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
    }
  }
}

const kinds = async (incident: Incident) =>
  (await readTimeline(table, incident.id)).filter(({ stage }) => stage === 'escalate').map(({ kind }) => kind);

describe('a deployed chain', () => {
  test('pages level 1 twice, then level 2, which acknowledges by link, and then nobody any more', async () => {
    const incident = await openIncident(table);
    const execution = await start(incident);

    const [text] = await eventually(
      'a page of level 2',
      async () => {
        const found = await take(out('SecondQueue'), incident);
        return found.length > 0 ? found : undefined;
      },
      30_000,
    );
    const page = JSON.parse(text ?? '{}') as WebhookPage;
    expect(page).toMatchObject({ type: 'page', level: 'Security lead', incident: { id: incident.id } });

    const link = aws.reach(page.acknowledge.url);
    const shown = await fetch(link);
    expect(shown.status).toBe(200);
    expect(await shown.text()).toContain('nobody has acknowledged');
    const posted = await fetch(link, { method: 'POST', body: new URLSearchParams({ name: 'Alice' }) });
    expect(await posted.text()).toContain('acknowledged by Alice');

    expect((await ended(execution)).status).toBe('SUCCEEDED');
    const first = (await take(out('FirstQueue'), incident)).map((body) => JSON.parse(body) as WebhookPage);
    expect(first.map(({ level, round }) => [level, round]).sort()).toEqual([
      ['First responder', 1],
      ['First responder', 2],
    ]);
    expect(await take(out('SecondQueue'), incident)).toEqual([]);
    expect((await getIncident(table, incident.id))?.acknowledgement).toMatchObject({ by: 'Alice', how: 'link' });
    expect(await kinds(incident)).toEqual([
      'page-sent',
      'page-sent',
      'level-unanswered',
      'page-sent',
      'page-sent',
      'level-unanswered',
      'page-sent',
      'page-sent',
      'page-sent',
      'page-sent',
      'acknowledged',
      'escalation-ended',
    ]);
  }, 90_000);

  test('its webhook got a signed page, its pager an event and then its acknowledgement', () => {
    const webhook = receiver.received.find(({ path }) => path === '/webhook');
    const timestamp = String(webhook?.headers['firebreak-timestamp']);
    const signature = createHmac('sha256', SECRET)
      .update(`v1:${timestamp}:${webhook?.body ?? ''}`)
      .digest('hex');
    expect(webhook?.headers['firebreak-signature']).toBe(`v1=${signature}`);
    expect(webhook?.headers['firebreak-message-id']).toBe((JSON.parse(webhook?.body ?? '{}') as WebhookPage).pageId);
    const pager = receiver.received
      .filter(({ path }) => path === '/pager')
      .map(({ body }) => JSON.parse(body) as unknown);
    expect(pager).toMatchObject([
      { routing_key: ROUTING_KEY, event_action: 'trigger', payload: { severity: 'critical' } },
      { routing_key: ROUTING_KEY, event_action: 'acknowledge' },
    ]);
  });

  test('that nobody answers tells the alarm topic, and ends as failed', async () => {
    const incident = await openIncident(table);
    const execution = await ended(await start(incident));
    expect(execution).toMatchObject({ status: 'FAILED', error: 'EscalationExhausted' });
    expect((await kinds(incident)).slice(-2)).toEqual(['level-unanswered', 'escalation-exhausted']);
    const alarm = await eventually('the alarm', async () => {
      const found = await take(out('FirstQueue'), incident);
      return found.find((body) => !body.startsWith('{'));
    });
    expect(alarm).toBe(
      `Nobody acknowledged incident ${incident.id} at any level of escalation chain OnCall (attempt 1). ` +
        `Look at it now: firebreak incident show ${incident.id}. Acknowledge it: firebreak incident ack ${incident.id} --by NAME`,
    );
  }, 90_000);

  test('that is acknowledged before it starts pages nobody', async () => {
    const at = new Date().toISOString();
    const incident = await openIncident(table, { acknowledgement: { by: 'Alice', at, how: 'command-line' } });
    expect((await ended(await start(incident))).status).toBe('SUCCEEDED');
    expect(await kinds(incident)).toEqual(['escalation-ended']);
    expect(await take(out('FirstQueue'), incident)).toEqual([]);
  }, 60_000);
});
