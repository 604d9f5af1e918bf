import { describe, expect, test } from '@jest/globals';
import { everyRunbook, ofType, REGION, resourcesOf, sampleApp, sampleStack } from '../stack/sample-stack';

const resources = resourcesOf(sampleStack(sampleApp(), 'Sample', REGION, everyRunbook).stack);
const dashboards = ofType(resources, 'AWS::CloudWatch::Dashboard');
const body = JSON.stringify(dashboards[0]?.[1].Properties?.['DashboardBody']);

describe('the dashboard', () => {
  test('is one resource, and has no fixed name that a second stack would collide with', () => {
    expect(dashboards).toHaveLength(1);
    expect(dashboards[0]?.[1].Properties?.['DashboardName']).toBeUndefined();
  });

  test.each(['NumberOfMessagesSent', 'LevelsUnanswered', 'ExecutionsFailed', 'ApproximateNumberOfMessagesVisible'])(
    'shows %s',
    (metric) => {
      expect(body).toContain(metric);
    },
  );

  test('shows every dead-letter queue and every alarm of the stack watching itself', () => {
    const queues = ofType(resources, 'AWS::SQS::Queue').filter(([id]) => /DeadLetter|Rejected/.test(id));
    expect(queues.length).toBeGreaterThan(3);
    expect(queues.filter(([id]) => !body.includes(id)).map(([id]) => id)).toEqual([]);
    const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').filter(([id]) => id.includes('SelfWatch'));
    expect(alarms.filter(([id]) => !body.includes(id)).map(([id]) => id)).toEqual([]);
  });
});
