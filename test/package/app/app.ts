import { App, Duration, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DisableAccessKeyRunbook, EscalationChain, IncidentResponse, LogSource, Recipient, RuleSet } from 'firebreak';

const stack = new Stack(new App(), 'Security');
new IncidentResponse(stack, 'Firebreak', {
  sources: [LogSource.cloudTrail(LogGroup.fromLogGroupName(stack, 'Trail', 'my-trail'))],
  rules: RuleSet.builtIn().combine(RuleSet.directory('rules')),
  runbooks: [new DisableAccessKeyRunbook(stack, 'DisableAccessKey')],
  escalationChain: new EscalationChain(stack, 'OnCall', {
    levels: [{ name: 'first', recipients: [Recipient.sms('+15555550100')], acknowledgeWithin: Duration.minutes(5) }],
  }),
});
