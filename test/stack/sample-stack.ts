import { App, Duration, Stack, type AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { RUNBOOKS } from '../../runbooks';
import {
  CatalogueRunbook,
  CloseSecurityGroupRunbook,
  ContainmentMode,
  DisableAccessKeyRunbook,
  EscalationChain,
  EventSource,
  FindingSource,
  IncidentResponse,
  IsolateInstanceRunbook,
  LogSource,
  Recipient,
  Stakeholder,
  StakeholderEvent,
  RestoreLoggingRunbook,
  SnapshotLock,
  type ContainmentRunbook,
} from '../../lib';

/** Where the sample is. Global events arrive in this Region, so no forwarder is needed. */
export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

export const PROTECTED_USER = `arn:aws:iam::${ACCOUNT}:user/break-glass-*`;
export const PROTECTED_INSTANCE = `arn:aws:ec2:*:${ACCOUNT}:instance/i-0123456789abcdef0`;
export const PROTECTED_NETWORK = 'vpc-0123456789abcdef0';

/** Of another account, as it should be. */
export const FORENSIC_KEY = `arn:aws:kms:${REGION}:999988887777:key/11111111-2222-3333-4444-555555555555`;

/** What the tests look at. */
export interface Sample {
  readonly app: App;
  readonly stack: Stack;
  readonly firebreak: IncidentResponse;
  readonly reader: Role;
  readonly responder: Role;
}

/** A stack as a user writes it: two levels with a recipient of every kind, both runbooks, every source, mode enforce. */
export function sampleStack(
  app: App = new App(),
  id = 'Sample',
  region = REGION,
  runbooks: (stack: Stack) => ContainmentRunbook[] = twoRunbooks,
  forensicKey: (stack: Stack) => IKey = (stack) => Key.fromKeyArn(stack, 'ForensicKey', FORENSIC_KEY),
): Sample {
  const stack = new Stack(app, id, { env: { account: ACCOUNT, region } });
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${ACCOUNT}:${rest}`;
  const secret = (name: string) =>
    Secret.fromSecretCompleteArn(stack, name, arn('secretsmanager', `secret:${name}-AbCdEf`));
  const firebreak = new IncidentResponse(stack, 'Firebreak', {
    snapshotLock: SnapshotLock.governance(),
    forensicKey: forensicKey(stack),
    sources: [
      EventSource.cloudTrail(),
      FindingSource.guardDuty(),
      LogSource.cloudTrail(LogGroup.fromLogGroupName(stack, 'Trail', 'trail')),
      LogSource.application(LogGroup.fromLogGroupName(stack, 'Shop', 'shop')),
    ],
    escalationChain: new EscalationChain(stack, 'OnCall', {
      levels: [
        {
          name: 'first',
          acknowledgeWithin: Duration.minutes(5),
          repeats: 1,
          recipients: [
            Recipient.email('first@example.com'),
            Recipient.sms('+15555550100'),
            Recipient.queue(Queue.fromQueueArn(stack, 'Machines', arn('sqs', 'machines'))),
            Recipient.https('https://hooks.example.com/in', { signingSecret: secret('Signing') }),
          ],
        },
        {
          name: 'second',
          acknowledgeWithin: Duration.minutes(10),
          recipients: [
            Recipient.email('second@example.com'),
            Recipient.topic(Topic.fromTopicArn(stack, 'Chat', arn('sns', 'chat'))),
            Recipient.pagerDuty({ routingKey: secret('RoutingKey') }),
          ],
        },
      ],
    }),
    stakeholders: [
      new Stakeholder({
        name: 'management',
        recipient: Recipient.email('management@example.com'),
        events: Object.values(StakeholderEvent),
      }),
      new Stakeholder({
        name: 'status page',
        recipient: Recipient.https('https://status.example.com/in', { signingSecret: secret('StatusPage') }),
        events: [StakeholderEvent.OPENED, StakeholderEvent.CLOSED],
      }),
    ],
    runbooks: runbooks(stack),
    mode: ContainmentMode.ENFORCE,
    guardRails: {
      protectedPrincipals: [PROTECTED_USER],
      protectedResources: [PROTECTED_INSTANCE],
      protectedNetworks: [PROTECTED_NETWORK],
    },
  });
  const person = (name: string) => new Role(stack, name, { assumedBy: new AccountRootPrincipal() });
  const reader = person('Reader');
  const responder = person('Responder');
  firebreak.grantRead(reader);
  firebreak.grantRespond(responder);
  return { app, stack, firebreak, reader, responder };
}

function twoRunbooks(stack: Stack): ContainmentRunbook[] {
  return [new DisableAccessKeyRunbook(stack, 'DisableAccessKey'), new IsolateInstanceRunbook(stack, 'IsolateInstance')];
}

/** Those whose roles are put to the policy simulator call by call. */
export function simulatedRunbooks(stack: Stack): ContainmentRunbook[] {
  return [
    ...twoRunbooks(stack),
    new CloseSecurityGroupRunbook(stack, 'CloseSecurityGroup'),
    new RestoreLoggingRunbook(stack, 'RestoreLogging'),
  ];
}

/** Every runbook of the catalogue, as a stack from `firebreak.yaml` has them; their construct ids are their own. */
export function everyRunbook(stack: Stack): ContainmentRunbook[] {
  return RUNBOOKS.map(({ id }) => new CatalogueRunbook(stack, id, { runbook: id }));
}

/** One resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export function sampleApp(context: Readonly<Record<string, unknown>> = {}, props: AppProps = {}): App {
  return new App({ ...props, context: { '@aws-cdk/aws-iam:minimizePolicies': true, ...context } });
}

/** Resources by logical id. */
export function resourcesOf(stack: Stack): ReadonlyMap<string, Resource> {
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, Resource> };
  return new Map(Object.entries(Resources));
}

/** Resources of one type, by logical id. */
export function ofType(resources: ReadonlyMap<string, Resource>, type: string): [string, Resource][] {
  return [...resources].filter(([, resource]) => resource.Type === type);
}

/** Logical ids that a value refers to, by `Ref` or `Fn::GetAtt`, wherever they stand in it. */
export function refersTo(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Ref: ref, 'Fn::GetAtt': attribute } = value as { Ref?: unknown; 'Fn::GetAtt'?: unknown };
  if (typeof ref === 'string' && !ref.startsWith('AWS::')) return [ref];
  if (Array.isArray(attribute)) return [String(attribute[0])];
  return Object.values(value).flatMap(refersTo);
}
