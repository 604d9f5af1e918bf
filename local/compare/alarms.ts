import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { type Describers } from './describers';

export const alarms: Describers = {
  'AWS::CloudWatch::Alarm': async (api, { physicalId }) => {
    const { MetricAlarms } = await api.alarms.send(new DescribeAlarmsCommand({ AlarmNames: [physicalId] }));
    const alarm = MetricAlarms?.[0];
    return {
      AlarmActions: alarm?.AlarmActions,
      ComparisonOperator: alarm?.ComparisonOperator,
      Dimensions: alarm?.Dimensions,
      EvaluationPeriods: alarm?.EvaluationPeriods,
      MetricName: alarm?.MetricName,
      Namespace: alarm?.Namespace,
      Period: alarm?.Period,
      Threshold: alarm?.Threshold,
      TreatMissingData: alarm?.TreatMissingData,
    };
  },
};
