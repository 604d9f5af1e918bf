import { describe, expect, test } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { buildStack } from '../../config/build-stack';
import { parseConfiguration } from '../../config/load';
import {
  ContainmentMode,
  Contains,
  DisableAccessKeyRunbook,
  EscalationChain,
  EventSource,
  IncidentResponse,
  IsolateInstanceRunbook,
  Recipient,
  Stakeholder,
  StakeholderEvent,
  ResponsePlan,
  type IncidentResponseProps,
} from '../../lib';
import { ACCOUNT } from './sample-stack';

const stackIn = (region: string) => new Stack(new App(), 'Test', { env: { account: ACCOUNT, region } });

const chain = (stack: Stack, id = 'OnCall') =>
  new EscalationChain(stack, id, {
    levels: [{ name: 'first', recipients: [Recipient.sms('+15555550100')], acknowledgeWithin: Duration.minutes(5) }],
  });

/** An `IncidentResponse` that is right except for what a test is about. */
function respond(stack: Stack, props: Partial<IncidentResponseProps> = {}, id = 'Firebreak'): IncidentResponse {
  return new IncidentResponse(stack, id, {
    sources: [EventSource.cloudTrail()],
    escalationChain: props.escalationChain ?? chain(stack),
    ...props,
  });
}

const YAML = `
account: '${ACCOUNT}'
region: eu-central-1
sources:
  cloudTrail: { events: true }
escalationChains:
  - name: on-call
    levels: [{ name: first, recipients: [{ sms: '+15555550100' }], acknowledgeWithin: 5m }]
`;

function fromYaml(more = '', base = YAML): App {
  const app = new App();
  buildStack(app, parseConfiguration(base + more, 'firebreak.yaml'), '/etc/firebreak.yaml');
  return app;
}

function stackOf(app: App, id: string): Stack {
  const found = app.node.findChild(id);
  if (found instanceof Stack) return found;
  throw new Error(`'${id}' is no stack`);
}

describe('what is refused at synth, in words for users', () => {
  test('no source', () => {
    expect(() => respond(stackIn('us-east-1'), { sources: [] })).toThrow(
      /'sources' of IncidentResponse is empty: nothing would be detected; add LogSource or EventSource/,
    );
  });

  test('two of it in one stack', () => {
    const stack = stackIn('us-east-1');
    respond(stack);
    expect(() => respond(stack, { escalationChain: chain(stack, 'Other') }, 'Second')).toThrow(
      "stack 'Test' has an IncidentResponse already; one to a stack",
    );
  });

  test('a plan that names a runbook which was not given', () => {
    const stack = stackIn('us-east-1');
    const runbook = new IsolateInstanceRunbook(stack, 'Isolate');
    const plan = new ResponsePlan({ name: 'instances', runbooks: [{ runbook, contains: Contains.TARGET }] });
    expect(() => respond(stack, { responsePlans: [plan] })).toThrow(
      "response plan 'instances' names runbook 'isolate-instance', which is not among 'runbooks'; add it there",
    );
  });

  test('a plan that names a stakeholder who was not given, or one twice', () => {
    const recipient = Recipient.email('legal@example.com');
    const legal = new Stakeholder({ name: 'legal', recipient, events: [StakeholderEvent.OPENED] });
    const plan = (...stakeholders: Stakeholder[]) => new ResponsePlan({ name: 'all', stakeholders });
    expect(() => respond(stackIn('us-east-1'), { responsePlans: [plan(legal)] })).toThrow(
      "response plan 'all' names stakeholder 'legal', who is not among 'stakeholders'; add them there",
    );
    expect(() => respond(stackIn('us-east-1'), { stakeholders: [legal], responsePlans: [plan(legal, legal)] })).toThrow(
      "response plan 'all' names stakeholder 'legal' twice; take one out",
    );
  });

  test('a plan that names a chain which was not given', () => {
    const stack = stackIn('us-east-1');
    const plan = new ResponsePlan({ name: 'others', escalationChain: chain(stack, 'Unbound') });
    expect(() => respond(stack, { responsePlans: [plan] })).toThrow(
      "response plan 'others' names escalation chain 'Unbound', which is not among 'otherEscalationChains'; add it there",
    );
  });

  test('two plans of one name', () => {
    const plan = () => new ResponsePlan({ name: 'twin' });
    expect(() => respond(stackIn('us-east-1'), { responsePlans: [plan(), plan()] })).toThrow(
      "two response plans are named 'twin'; give each a name of its own",
    );
  });

  test('two chains of one name', () => {
    const stack = stackIn('us-east-1');
    const twin = new EscalationChain(stack, 'Other', {
      chainName: 'OnCall',
      levels: [{ name: 'one', recipients: [Recipient.sms('+15555550101')], acknowledgeWithin: Duration.minutes(5) }],
    });
    expect(() => respond(stack, { otherEscalationChains: [twin] })).toThrow(
      "two escalation chains are called 'OnCall'; give each a name of its own",
    );
  });

  test('a runbook twice', () => {
    const stack = stackIn('us-east-1');
    const twice = ['One', 'Two'].map((id) => new DisableAccessKeyRunbook(stack, id));
    expect(() => respond(stack, { runbooks: twice })).toThrow("runbook 'disable-access-key' is given twice");
  });
});

describe('what is warned of', () => {
  test('enforce without anything to enforce', () => {
    const stack = stackIn('us-east-1');
    respond(stack, { mode: ContainmentMode.ENFORCE });
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp("mode is 'enforce', but there are no 'runbooks'"),
    );
  });

  test('global events that nobody forwards', () => {
    const stack = stackIn('eu-central-1');
    respond(stack);
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('events of IAM, STS and sign-in arrive in us-east-1 only'),
    );
  });

  test('not in us-east-1 itself', () => {
    const stack = stackIn('us-east-1');
    respond(stack);
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('sign-in arrive'));
  });
});

describe('firebreak.yaml', () => {
  const plans = (plan: string) => `responsePlans:\n  - ${plan}\n`;

  test.each([
    [
      'mode: destroy\n',
      /^firebreak\.yaml:9:7: 'mode': must be 'observe' \(nothing is changed\), 'approve' \(people are asked first\) or 'enforce' \(contains at once\), got "destroy"$/,
    ],
    [
      plans(
        '{ name: p, runbooks: [{ runbook: isolate-instance, contains: target, mode: approve, approval: automatic }] }',
      ),
      /plan 'p', runbook 'isolate-instance': mode is 'approve', but its approval is automatic/,
    ],
    [
      plans('{ name: p, runbooks: [{ runbook: isolate, contains: target }] }'),
      /^firebreak\.yaml:10:\d+: .*must be one of .*'disable-access-key', .*, got "isolate"$/,
    ],
    [
      plans('{ name: p, escalationChain: nobody }'),
      /response plan 'p' names the escalation chain 'nobody', but there are only: on-call$/,
    ],
    [
      plans('{ name: p }\n  - { name: p }'),
      /^firebreak\.yaml:11:\d+: 'responsePlans\.1\.name': must be a name that no other here has, got "p"$/,
    ],
    [
      'rules: { builtIn: false }\n',
      /'rules' names neither the built-in rules nor a directory: nothing would be detected/,
    ],
  ])('%s', (more, message) => {
    expect(() => fromYaml(more)).toThrow(message);
  });

  test('two chains of one name', () => {
    const twice = YAML + YAML.slice(YAML.indexOf('  - name: on-call'));
    expect(() => fromYaml('', twice)).toThrow(
      /^firebreak\.yaml:9:11: 'escalationChains\.1\.name': must be a name that no other here has, got "on-call"$/,
    );
  });

  test('no source at all', () => {
    expect(() => fromYaml('', YAML.replace('cloudTrail: { events: true }', 'guardDuty: false'))).toThrow(
      /'sources' of IncidentResponse is empty/,
    );
  });

  test('another Region than us-east-1 gets the forwarder stack, and no warning', () => {
    const app = fromYaml();
    const { stacks } = app.synth();
    expect(stacks.map(({ stackName, environment }) => `${stackName} ${environment.region}`)).toEqual([
      'Firebreak eu-central-1',
      'FirebreakGlobalEvents us-east-1',
    ]);
    const forwarder = Template.fromStack(stackOf(app, 'FirebreakGlobalEvents'));
    forwarder.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        detail: { eventSource: Match.arrayWith(['iam.amazonaws.com', 'sts.amazonaws.com', 'signin.amazonaws.com']) },
      },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue(), RoleArn: Match.anyValue() })],
    });
    forwarder.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ApproximateNumberOfMessagesVisible' });
    Annotations.fromStack(stackOf(app, 'Firebreak')).hasNoWarning('*', Match.stringLikeRegexp('sign-in arrive'));
  });

  test('us-east-1 is one stack', () => {
    expect(fromYaml('', YAML.replace('eu-central-1', 'us-east-1')).synth().stacks).toHaveLength(1);
  });
});
