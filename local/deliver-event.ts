import { randomUUID } from 'node:crypto';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { type AwsApi } from './api';

/** An event as AWS's own services send it: `source` begins with `aws.`. */
export interface AwsServiceEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
  readonly id?: string;
  readonly time?: string;
  readonly resources?: readonly string[];
  readonly region?: string;
  readonly account?: string;
}

/**
 * Delivers an event of an AWS service (CloudTrail, GuardDuty …) to the targets of the rules that match it on the
 * default bus. PutEvents refuses such events, on AWS and here, since only the services may send them; and the
 * emulator has no CloudTrail that would. Patterns are judged by the emulator's own TestEventPattern.
 *
 * @returns the ARNs of the targets that got it
 */
export async function deliverAwsEvent(api: AwsApi, event: AwsServiceEvent): Promise<string[]> {
  const whole = {
    version: '0',
    id: randomUUID(),
    account: api.account,
    region: api.region,
    time: new Date().toISOString(),
    resources: [],
    ...event,
  };
  const Event = JSON.stringify(whole);
  const reached: string[] = [];
  for (const { Name, EventPattern } of await enabledRules(api)) {
    if (!EventPattern) continue; // On a schedule.
    const { Result } = await api.events.send(new TestEventPatternCommand({ Event, EventPattern }));
    if (Result !== true) continue;
    const { Targets } = await api.events.send(new ListTargetsByRuleCommand({ Rule: Name }));
    for (const target of Targets ?? []) reached.push(await hand(api, target, Event, Name ?? ''));
  }
  return reached;
}

async function enabledRules(api: AwsApi): Promise<Rule[]> {
  const rules: Rule[] = [];
  let NextToken: string | undefined;
  do {
    const page = await api.events.send(new ListRulesCommand({ NextToken }));
    rules.push(...(page.Rules ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return rules.filter((rule) => rule.State === 'ENABLED');
}

async function hand(api: AwsApi, target: Target, event: string, rule: string): Promise<string> {
  const arn = target.Arn ?? '';
  if (target.InputTransformer !== undefined || target.InputPath !== undefined) {
    throw new Error(`Rule ${rule} transforms what it gives to ${arn}; that is not done here: let the target do it`);
  }
  const input = target.Input ?? event;
  if (arn.includes(':lambda:')) {
    await api.lambda.send(
      new InvokeCommand({ FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(input) }),
    );
  } else if (arn.includes(':sqs:')) {
    const QueueName = arn.slice(arn.lastIndexOf(':') + 1);
    const { QueueUrl } = await api.queues.send(new GetQueueUrlCommand({ QueueName }));
    await api.queues.send(new SendMessageCommand({ QueueUrl, MessageBody: input }));
  } else {
    throw new Error(`Rule ${rule} has the target ${arn}, which is neither a function nor a queue: not delivered`);
  }
  return arn;
}
