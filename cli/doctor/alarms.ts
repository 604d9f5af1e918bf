import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { bad, type Check, count, type Finding, ok, warning } from './check';

/** Firebreak's own alarms: dead letters, failing functions, escalations that stand still, an auditor or a canary that is silent. */
export const alarms: Check = {
  name: 'alarms',
  async look({ aws, stack }) {
    const found: MetricAlarm[] = [];
    const client = new CloudWatchClient(aws);
    // Alarms without a name of their own bear the stack's.
    for await (const page of paginateDescribeAlarms({ client }, { AlarmNamePrefix: `${stack.name}-` })) {
      found.push(...(page.MetricAlarms ?? []));
    }
    return judgeAlarms(found);
  },
};

/** What the alarms say, and whether they could say anything. */
export function judgeAlarms(all: readonly MetricAlarm[]): Finding {
  if (all.length === 0) return bad('the stack has no alarms', 'deploy it again: nobody would hear of its failures');
  const silenced = all.filter(({ ActionsEnabled }) => ActionsEnabled === false);
  const inAlarm = all.filter(({ StateValue }) => StateValue === 'ALARM');
  const ringing = inAlarm.filter((alarm) => !tellsOfDeployment(alarm));
  if (ringing.length > 0) {
    const what = ringing.map(({ AlarmDescription, AlarmName }) => AlarmDescription ?? AlarmName ?? '?');
    return bad(`${ringing.length} of ${all.length} in alarm: ${what.join('; ')}`, 'do what each says');
  }
  if (silenced.length > 0) {
    const names = silenced.map(({ AlarmName }) => AlarmName ?? '?').join(', ');
    return bad(`switched off: ${names}`, 'somebody disabled their actions: deploy again, or enable them');
  }
  const mute = all.filter(({ AlarmActions }) => (AlarmActions ?? []).length === 0);
  if (mute.length > 0) {
    const names = mute.map(({ AlarmName }) => AlarmName ?? '?').join(', ');
    return warning(`tell nobody: ${names}`, 'give them an action, or look at them here');
  }
  if (inAlarm.length > 0) {
    return warning('CloudFormation changed parts of Firebreak in the last minutes', 'if nobody deployed, act now');
  }
  return ok(`${count(all.length, 'alarm')}, none goes off`);
}

/** It goes off after each deployment, and is then no failure. */
function tellsOfDeployment({ Namespace, MetricName, Dimensions = [] }: MetricAlarm): boolean {
  const [topic = ''] = Dimensions.flatMap(({ Name, Value }) => (Name === 'TopicName' && Value ? [Value] : []));
  return Namespace === 'AWS/SNS' && MetricName === 'NumberOfMessagesPublished' && topic.includes('DeploymentTopic');
}
