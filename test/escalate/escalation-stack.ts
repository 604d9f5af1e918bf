import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IAcknowledgementEndpoint } from '../../lib/escalate/acknowledgement-endpoint';
import { Escalation } from '../../lib/escalate/escalation';
import { EscalationChain, type EscalationChainProps } from '../../lib/escalate/escalation-chain';
import { Recipient } from '../../lib/escalate/recipient';
import { IncidentStore } from '../../lib/triage/incident-store';

export interface Deployed {
  readonly stack: Stack;
  readonly chain: EscalationChain;
  readonly escalation: Escalation;
  readonly template: Template;
}

/** A stack with one chain, called `OnCall`. */
export function escalationStack(
  props: (stack: Stack) => EscalationChainProps,
  endpoint?: IAcknowledgementEndpoint,
  context: Record<string, unknown> = {},
): Deployed {
  const stack = new Stack(new App({ context }), 'Test', { env: { account: '111122223333', region: 'eu-central-1' } });
  const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
  const store = new IncidentStore(stack, 'Store');
  const chain = new EscalationChain(stack, 'OnCall', props(stack));
  const escalation = new Escalation(stack, 'Escalation', {
    store,
    encryptionKey,
    chains: [chain],
    ...(endpoint && { endpoint }),
  });
  return { stack, chain, escalation, template: Template.fromStack(stack) };
}

/** Two levels with a recipient of every kind. */
export function everyKind(stack: Stack): EscalationChainProps {
  return {
    levels: [
      {
        name: 'First responder',
        recipients: [
          Recipient.email('first@example.com'),
          Recipient.sms('+491701234567'),
          Recipient.queue(new Queue(stack, 'Machines', { enforceSSL: true })),
          Recipient.https('https://hooks.example.com/services/T0/secret-path', {
            signingSecret: new Secret(stack, 'Signing'),
          }),
        ],
        acknowledgeWithin: Duration.minutes(5),
        repeats: 1,
      },
      {
        name: 'Security lead',
        recipients: [
          Recipient.email('first@example.com'),
          Recipient.topic(new Topic(stack, 'Chat')),
          Recipient.pagerDuty({ routingKey: new Secret(stack, 'RoutingKey') }),
        ],
        acknowledgeWithin: Duration.minutes(10),
      },
    ],
  };
}
