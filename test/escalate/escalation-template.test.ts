import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { AcknowledgementEndpoint } from '../../lib/escalate/acknowledgement-endpoint';
import { Duration } from 'aws-cdk-lib';
import { Recipient } from '../../lib/escalate/recipient';
import { escalationStack, everyKind } from './escalation-stack';
import { roleStatements } from '../support/role-statements';

describe('what an escalation deploys', () => {
  const { template, chain, escalation } = escalationStack(everyKind);

  test('gives each e-mail recipient an encrypted topic of its own, shared by levels, and one for alarms', () => {
    const topics = template.findResources('AWS::SNS::Topic', { Properties: { KmsMasterKeyId: Match.anyValue() } });
    expect(Object.keys(topics)).toHaveLength(2);
    expect(chain.topics).toHaveLength(2);
    expect(escalation.topicArns).toHaveLength(2);
    template.resourceCountIs('AWS::SNS::Topic', 3); // and the caller's own
  });

  test('refuses publishing without TLS', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 'sns:Publish',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });

  test('keeps what SNS could not deliver, for each subscription', () => {
    const subscriptions = Object.values(template.findResources('AWS::SNS::Subscription'));
    // E-mail to its own topic; e-mail, SMS, queue and the Lambda for the webhook to the alarm topic.
    expect(subscriptions).toHaveLength(5);
    for (const { Properties } of subscriptions as { Properties: Record<string, unknown> }[]) {
      expect(Properties['RedrivePolicy']).toBeDefined();
    }
    expect(chain.deadLetterQueues).toHaveLength(2);
    template.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('lets alarms of this account publish, key included', () => {
    const allowed = {
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    };
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ ...allowed, Action: 'sns:Publish' })]) },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({ ...allowed, Action: ['kms:GenerateDataKey*', 'kms:Decrypt'] })]),
      },
    });
  });

  test('lets rules of EventBridge publish, without the conditions that would keep it from encrypted topics', () => {
    const Principal = { Service: 'events.amazonaws.com' };
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Allow', Principal, Action: 'sns:Publish', Condition: Match.absent() }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal,
            Condition: { StringLike: { 'kms:EncryptionContext:aws:sns:topicArn': Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  test('has an alarm on escalations that nobody answered, counted by Step Functions itself', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/States',
      MetricName: 'ExecutionsFailed',
      Statistic: 'Sum',
      Period: 60,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [Match.anyValue()],
    });
    expect(chain.metricUnacknowledged()).toMatchObject({
      namespace: 'Firebreak/Escalation',
      metricName: 'LevelsUnanswered',
      dimensions: { Chain: 'OnCall' },
    });
    expect(chain.metricExhausted()).toMatchObject({ metricName: 'ExecutionsFailed' });
  });

  test('runs chains as logged, traced standard machines', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
  });

  test('throttles the endpoint and logs no path, which has the token in it', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
      AccessLogSettings: { Format: Match.not(Match.stringLikeRegexp('path|Path|integration|pathParameters')) },
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      AccessLogSettings: { Format: Match.stringLikeRegexp('context.routeKey') },
    });
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route')) as {
      Properties: { RouteKey: string };
    }[];
    expect(routes.map(({ Properties }) => Properties.RouteKey).sort()).toEqual([
      'GET /a/{token}',
      'GET /p/{token}',
      'HEAD /a/{token}',
      'HEAD /p/{token}',
      'POST /a/{token}',
      'POST /p/{token}',
    ]);
  });

  test('lets each Lambda do what it is for', () => {
    const actionsOf = (role: RegExp) =>
      [...roleStatements(template)]
        .filter(([id]) => role.test(id))
        .flatMap(([, statements]) => statements)
        .flatMap(({ Action }) => Action)
        .sort();
    const log = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    const store = [
      'dynamodb:BatchGetItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ];
    expect(actionsOf(/^EscalationAcknowledgeRole/)).toEqual([...store, ...log]);
    expect(actionsOf(/^EscalationAnswerRole/)).toEqual([...store, ...log]);
    const secret = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'];
    expect(actionsOf(/^EscalationFinishRole/)).toEqual([...store, ...log, ...secret]);
    expect([...new Set(actionsOf(/^EscalationPageRole/))]).toEqual([
      ...store,
      'kms:Decrypt',
      'kms:GenerateDataKey*',
      ...log,
      ...secret,
      'sns:Publish',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:SendMessage',
    ]);
  });

  test('sends SMS with a permission that covers no topic', () => {
    const sms = [...roleStatements(template).values()].flat().filter(({ Sid }) => Sid === 'SendSms');

    expect(sms.length).toBeGreaterThan(0);
    for (const statement of sms) {
      expect(statement).toMatchObject({ Action: 'sns:Publish', NotResource: expect.anything() as unknown });
      expect(statement.Resource).toBeUndefined();
    }
  });

  test('keeps the ids of what must never be replaced', () => {
    expect(Object.keys(template.findResources('AWS::SNS::Topic')).sort()).toEqual([
      'Chat26DEB33F',
      'OnCallAlarmTopic6015FDBF',
      expect.stringMatching(/^OnCallTopicemail/),
    ]);
    expect(Object.keys(template.findResources('AWS::StepFunctions::StateMachine'))).toEqual([
      expect.stringMatching(/^OnCallMachine/),
    ]);
    expect(Object.keys(template.findResources('AWS::ApiGatewayV2::Api'))).toEqual([
      expect.stringMatching(/^EscalationEndpointApi/),
    ]);
  });
});

test('an endpoint of your own replaces the API', () => {
  const { template } = escalationStack(everyKind, AcknowledgementEndpoint.fromUrl('https://ack.example.com/'));
  template.resourceCountIs('AWS::ApiGatewayV2::Api', 0);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ ACKNOWLEDGE_URL: 'https://ack.example.com', LINK_HOURS: '24' }) },
  });
});

test('without webhooks on the first level nothing stands between an alarm and its people', () => {
  const { template, chain } = escalationStack(() => ({
    levels: [
      {
        name: 'Only',
        recipients: [Recipient.sms('+491701234567')],
        acknowledgeWithin: Duration.minutes(5),
      },
    ],
  }));
  template.resourceCountIs('AWS::Lambda::Function', 5);
  expect(chain.deadLetterQueues).toHaveLength(1);
});
