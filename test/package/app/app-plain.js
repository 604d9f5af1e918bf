const { App, Duration, Stack } = require('aws-cdk-lib');
const { LogGroup } = require('aws-cdk-lib/aws-logs');
const {
  DisableAccessKeyRunbook,
  EscalationChain,
  IncidentResponse,
  LogSource,
  Recipient,
  RuleSet,
} = require('firebreak');

const stack = new Stack(new App(), 'Security');
new IncidentResponse(stack, 'Firebreak', {
  sources: [LogSource.cloudTrail(LogGroup.fromLogGroupName(stack, 'Trail', 'my-trail'))],
  rules: RuleSet.builtIn().combine(RuleSet.directory('rules')),
  runbooks: [new DisableAccessKeyRunbook(stack, 'DisableAccessKey')],
  escalationChain: new EscalationChain(stack, 'OnCall', {
    levels: [{ name: 'first', recipients: [Recipient.sms('+15555550100')], acknowledgeWithin: Duration.minutes(5) }],
  }),
});
