import { describe, expect, test } from '@jest/globals';
import { App, Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { buildStack } from '../../config/build-stack';
import { parseConfiguration } from '../../config/load';
import { SnapshotLock } from '../../lib';
import { containStack } from './contain-stack';
import { wantedLock } from '../../lambdas/contain/shared/lock-snapshots';

const RETENTION = Duration.days(30);
const CONFIGURATION = `stack: Firebreak
account: '111122223333'
region: us-east-1
sources: { guardDuty: true }
escalationChains:
  - name: on-call
    levels:
      - { name: first, acknowledgeWithin: 5m, recipients: [{ email: first@example.com }] }
`;

describe('a lock of snapshots', () => {
  test.each([
    ['as long as other evidence', SnapshotLock.governance(), { mode: 'governance', days: 30 }],
    ['for its own time', SnapshotLock.governance({ duration: Duration.days(365) }), { mode: 'governance', days: 365 }],
    [
      'with a time to think better of it',
      SnapshotLock.compliance({ coolOff: Duration.days(2) }),
      { mode: 'compliance', days: 30, coolOffHours: 48 },
    ],
  ])('%s: the function reads what the stack wrote', (_, lock, wanted) => {
    expect(wantedLock(lock._parameter(RETENTION))).toEqual(wanted);
  });

  test('is no lock where the stack says nothing, and an error where it says something else', () => {
    expect(wantedLock(undefined)).toBeUndefined();
    expect(() => wantedLock('forever')).toThrow(/'forever', not like 'governance:30'/);
  });

  test.each([
    [{ duration: Duration.hours(36) }, /'duration' of a snapshot lock must be 1 to 36500 whole days/],
    [{ duration: Duration.days(40_000) }, /1 to 36500 whole days, got 40000 days/],
    [{ coolOff: Duration.days(4) }, /'coolOff' of a snapshot lock must be 1 to 72 whole hours, got 4 days/],
    [{ coolOff: Duration.minutes(90) }, /'coolOff' of a snapshot lock must be 1 to 72 whole hours/],
  ])('refuses %j', (options, message) => {
    expect(() => SnapshotLock.compliance(options)).toThrow(message);
  });
});

test('without one no role may lock anything', () => {
  const { template } = containStack();
  expect(JSON.stringify(template().findResources('AWS::IAM::Role'))).not.toContain('ec2:LockSnapshot');
});

test('a configuration asks for one, or names what is wrong with it', () => {
  const stackOf = (lock: string) =>
    buildStack(
      new App(),
      parseConfiguration(`${CONFIGURATION}snapshotLock: ${lock}\n`, 'firebreak.yaml'),
      'firebreak.yaml',
    );
  Template.fromStack(stackOf('{ mode: compliance, duration: 90d, coolOff: 24h }')).hasResourceProperties(
    'AWS::Lambda::Function',
    {
      Environment: {
        Variables: {
          RUNBOOK_PARAMETERS: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('compliance:90:24')])] },
        },
      },
    },
  );
  expect(() => stackOf('{ mode: governance, coolOff: 24h }')).toThrow(
    /firebreak.yaml: 'snapshotLock.coolOff' is for mode/,
  );
  expect(() => stackOf('{ mode: compliance, coolOff: 100h }')).toThrow(/firebreak.yaml: 'coolOff' of a snapshot lock/);
});
