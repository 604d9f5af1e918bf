import { DescribeRuleCommand, ListTargetsByRuleCommand, type Target } from '@aws-sdk/client-eventbridge';
import { textOf } from '../template';
import { type Describers } from './describers';

export const events: Describers = {
  'AWS::Events::Rule': async (api, { physicalId, properties }) => {
    // `Ref` of a rule on a bus of its own is `bus|rule`.
    const Name = physicalId.slice(physicalId.lastIndexOf('|') + 1);
    const EventBusName = textOf(properties.EventBusName, 'default');
    const rule = await api.events.send(new DescribeRuleCommand({ Name, EventBusName }));
    const { Targets } = await api.events.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName }));
    return {
      EventPattern: rule.EventPattern,
      ScheduleExpression: rule.ScheduleExpression,
      State: rule.State,
      Targets: Targets?.map(({ InputTransformer, ...target }: Target) => ({
        ...target,
        ...(InputTransformer && { InputTransformer }),
      })),
    };
  },
};
