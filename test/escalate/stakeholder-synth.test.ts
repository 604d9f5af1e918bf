import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { buildStack } from '../../config/build-stack';
import { ConfigurationError, parseConfiguration } from '../../config/load';
import { Recipient } from '../../lib/escalate/recipient';
import { Stakeholder, StakeholderEvent, type StakeholderProps } from '../../lib/escalate/stakeholder';
import { StakeholderUpdates } from '../../lib/escalate/stakeholder-updates';
import { IncidentStore } from '../../lib/triage/incident-store';

const mail = (name: string) => Recipient.email(`${name}@example.com`);
const one = (change: Partial<StakeholderProps> = {}) =>
  new Stakeholder({ name: 'management', recipient: mail('m'), events: [StakeholderEvent.OPENED], ...change });

function updates(stakeholders: (stack: Stack) => Stakeholder[]): Template {
  const stack = new Stack(new App(), 'Test', { env: { account: '111122223333', region: 'eu-central-1' } });
  new StakeholderUpdates(stack, 'Updates', {
    stakeholders: stakeholders(stack),
    store: new IncidentStore(stack, 'Store'),
    bus: new EventBus(stack, 'Bus'),
    encryptionKey: new Key(stack, 'Key'),
  });
  return Template.fromStack(stack);
}

describe('a stakeholder', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['without a name', () => one({ name: '<b>' }), /'<b>' is not a name; use 1 to 60/],
    ['who asks for nothing', () => one({ events: [] }), /would hear nothing; name one/],
    [
      'who asks for what there is not',
      () => one(JSON.parse('{"events":["sneezed"]}') as Partial<StakeholderProps>),
      /'management' asks for 'sneezed'; there are: opened, severity-raised/,
    ],
    [
      'who asks twice',
      () => one({ events: [StakeholderEvent.OPENED, StakeholderEvent.OPENED] }),
      /asks for 'opened' twice; take one out/,
    ],
    [
      'who can only be paged',
      () => one({ recipient: Recipient.person('Ada', [Recipient.sms('+491701234567')]) }),
      /'management' can be reached by pagers alone \(Ada\).*add an e-mail address/,
    ],
  ])('%s is refused', (_what, make, message) => {
    expect(make).toThrow(message);
  });

  test.each<[string, () => unknown, RegExp]>([
    ['share a name', () => updates(() => [one(), one({ recipient: mail('n') })]), /two stakeholders are named 'manag/],
    [
      'share an address',
      () => updates(() => [one(), one({ name: 'legal', recipient: Recipient.email('M@example.com') })]),
      /'management' and 'legal' are both reached by .*make one of them/,
    ],
    [
      'have more channels than a function can know',
      () => updates(() => Array.from({ length: 9 }, (_, n) => one({ name: `s${n}`, recipient: mail(`s${n}`) }))),
      /9 channels, and 8 is the most; name a mailing list/,
    ],
  ])('two who %s are refused', (_what, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('the stack of stakeholders', () => {
  const template = updates((stack) => [
    one({
      recipient: Recipient.person('Ada', [
        Recipient.sms('+491701234567'),
        mail('ada'),
        Recipient.slack({ webhookUrl: new Secret(stack, 'Slack') }),
      ]),
      events: [StakeholderEvent.CLOSED],
    }),
  ]);

  test('listens for what somebody asked for, and for nothing else', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['firebreak'],
        detail: { kind: ['incident-closed', 'incident-merged', 'severity-changed'] },
      },
    });
  });

  test('knows the channels that do not ring, and may not send SMS', () => {
    const [handler] = Object.values(template.findResources('AWS::Lambda::Function'));
    const known = JSON.stringify(handler);
    expect(known).toContain('STAKEHOLDERS');
    expect(known).toContain('a***@example.com');
    expect(known).not.toContain('+4917');
    expect(known).not.toContain('ada@example.com');
    expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).not.toContain('SendSms');
  });

  test('may write timelines and read containments, and may delete nothing', () => {
    const policies = JSON.stringify(template.findResources('AWS::IAM::Role'));
    expect(policies).toContain('INCIDENT#*');
    expect(policies).toContain('CONTAINMENT#*');
    expect(policies).not.toMatch(/TOKEN#|APPROVAL#|DeleteItem|sns:\*/);
  });

  test('waits for thirty seconds, so that a storm is a few messages', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 30,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: Match.arrayWith(['ReportBatchItemFailures']),
    });
  });
});

const BASE = `stack: Firebreak
account: '111122223333'
region: us-east-1
sources: { guardDuty: true }
people:
  - { name: Ada, channels: [{ sms: '+491701234567' }, { email: ada@example.com }] }
  - { name: Pager, channels: [{ sms: '+491701234568' }] }
escalationChains:
  - name: on-call
    levels: [{ name: first, acknowledgeWithin: 5m, recipients: [{ person: Ada }] }]
`;
const TOLD = `${BASE}stakeholders:
  - { name: management, recipient: { person: Ada }, events: [opened, closed], severityAtLeast: SEV2 }
  - { name: legal, recipient: { email: legal@example.com }, events: [report-final] }
responsePlans:
  - { name: all, stakeholders: [legal] }
`;

function problemsOf(text: string): string {
  try {
    buildStack(new App(), parseConfiguration(text, 'firebreak.yaml'), 'firebreak.yaml');
    return '';
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.join('\n');
    return error instanceof Error ? error.message : String(error);
  }
}

describe('stakeholders in firebreak.yaml', () => {
  test('are taken', () => {
    expect(problemsOf(TOLD)).toBe('');
  });

  test.each<[string, string, RegExp]>([
    [
      'an unknown event',
      TOLD.replace('closed]', 'shut]'),
      /yaml:12:.*'stakeholders.0.events.1': must be one of 'opened'/,
    ],
    ['an event named twice', TOLD.replace('closed]', 'opened]'), /'stakeholders.0.events.1': must be named once/],
    ['no event', TOLD.replace('[opened, closed]', '[]'), /'stakeholders.0.events': needs at least one/],
    [
      'a person whom nobody knows',
      TOLD.replace('{ person: Ada }, events', '{ person: Eve }, events'),
      /'Eve' is not one of 'people'/,
    ],
    [
      'a person with pagers alone',
      TOLD.replace('{ person: Ada }, events', '{ person: Pager }, events'),
      /pagers alone \(Pager\)/,
    ],
    ['a pager', TOLD.replace('email: legal@example.com', "sms: '+491701234567'"), /updates are no pages/],
    ['the same name twice', TOLD.replace('name: legal,', 'name: management,'), /'stakeholders.1.name'/],
    [
      'a plan that names nobody known',
      TOLD.replace('[legal]', '[board]'),
      /'all' names the stakeholder 'board', but there are only: management, legal/,
    ],
    ['a plan that names one twice', TOLD.replace('[legal]', '[legal, legal]'), /'responsePlans.0.stakeholders.1'/],
  ])('%s is refused, with its place', (_what, text, message) => {
    expect(text).not.toBe(TOLD);
    expect(problemsOf(text)).toMatch(message);
  });
});
