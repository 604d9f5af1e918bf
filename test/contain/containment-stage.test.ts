import { describe, expect, test } from '@jest/globals';
import { Aws, Lazy, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { CatalogueRunbook, DisableAccessKeyRunbook, GuardRails } from '../../lib';
import { QUARANTINE_DOCUMENT } from '../../lib/model/quarantine';
import { containStack } from './contain-stack';

describe('the brake', () => {
  // CloudFormation writes the value whenever a property changes: a deploy would release a brake that a person put on.
  test('is a parameter whose properties never change', () => {
    const { template } = containStack();
    const [resource] = Object.values(template().findResources('AWS::SSM::Parameter'));
    expect(resource?.['Properties']).toEqual({
      Type: 'String',
      Value: 'released',
      Description: 'Firebreak: nothing is contained or released unless this says "released"',
    });
  });
});

test('the quarantine policy is deployed beforehand and denies everything', () => {
  const { template } = containStack();
  template().hasResourceProperties('AWS::IAM::ManagedPolicy', { PolicyDocument: QUARANTINE_DOCUMENT });
});

describe('the auditor', () => {
  test('hears of every execution that ended badly, and of nothing else', () => {
    const { template } = containStack();
    template().hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: Array.from({ length: 4 }, () => ({ Ref: Match.anyValue() })),
        },
      },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
  });

  test('looks for itself every five minutes', () => {
    const { template } = containStack();
    template().hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(5 minutes)',
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
  });
});

describe('guard rails', () => {
  test('stand as a Deny in every role of a runbook that changes something', () => {
    const { template } = containStack({
      protectedPrincipals: ['arn:aws:iam::*:user/break-glass-*'],
      protectedNetworks: ['vpc-0123456789abcdef0'],
    });
    const roles = Object.entries(template().findResources('AWS::IAM::Role')).filter(([id]) =>
      /^(DisableAccessKey|IsolateInstance)(EvidenceRole|ContainRun|ReleaseRun)/.test(id),
    );
    expect(roles).toHaveLength(6);
    for (const [, role] of roles) {
      const text = JSON.stringify((role['Properties'] as { Policies: unknown }).Policies);
      expect(text).toContain('arn:aws:iam::*:user/break-glass-*');
      expect(text).toContain(':iam::*:role/aws-service-role/*');
      expect(text).toContain(':iam::111122223333:role/Home-*');
      expect(text).toContain(':iam::111122223333:role/firebreak/eu-central-1/Home/*');
      expect(text).toContain(':vpc/vpc-0123456789abcdef0');
    }
  });

  test('stand in the environment of whatever changes something', () => {
    const { template } = containStack({ protectedPrincipals: ['arn:aws:iam::*:user/break-glass-*'] });
    const settings = Object.values(template().findResources('AWS::Lambda::Function'))
      .map(({ Properties }) => (Properties as { Environment?: { Variables?: Record<string, string> } }).Environment)
      .map((environment) => environment?.Variables?.['GUARD_RAILS'])
      .filter((value) => value !== undefined)
      .map(joined);
    expect(settings).toHaveLength(7);
    expect(JSON.parse(settings[0] ?? '')).toEqual({
      account: '111122223333',
      region: 'eu-central-1',
      protected: [
        'arn:aws:iam::*:user/break-glass-*',
        'arn:*:iam::111122223333:role/Home-*',
        'arn:*:iam::111122223333:role/firebreak/eu-central-1/Home/*',
        'arn:*:lambda:eu-central-1:111122223333:function:Home-*',
        'arn:*:s3:::VaultBucket0925C477',
        'arn:*:s3:::VaultAccessLogsC5E11DDC',
      ],
      networks: [],
      maximumContainmentsPerHour: 5,
    });
  });

  test('that cannot be used are refused, all mistakes at once', () => {
    expect(
      () =>
        new GuardRails({
          protectedPrincipals: ['break-glass', 'arn:aws:ec2:eu-central-1:111122223333:instance/i-1'],
          protectedResources: [Aws.STACK_ID],
          protectedNetworks: ['vpc-main'],
          maximumContainmentsPerHour: 0,
        }),
    ).toThrow(
      [
        'the guard rails cannot be used:',
        "- 'protectedPrincipals' holds 'break-glass', which is not an ARN such as arn:aws:iam::*:user/break-glass-*",
        "- 'protectedPrincipals' holds 'arn:aws:ec2:eu-central-1:111122223333:instance/i-1', which is not of IAM; put it into 'protectedResources'",
        "- 'protectedResources' holds a value that is known only after the deploy; write the ARN, or a pattern, as text",
        "- 'protectedNetworks' holds 'vpc-main', which is not the id of a VPC such as vpc-0123456789abcdef0",
        "- 'maximumContainmentsPerHour' must be a whole number from 1 to 100, got 0",
      ].join('\n'),
    );
  });

  test('do not validate what is not known yet', () => {
    const limit = Lazy.number({ produce: () => 3 });
    expect(() => new GuardRails({ maximumContainmentsPerHour: limit })).not.toThrow();
  });

  test('that fill the environment are refused with a remedy', () => {
    const protectedPrincipals = Array.from({ length: 100 }, (_, i) => `arn:aws:iam::*:user/somebody-important-${i}`);
    expect(() => containStack({ protectedPrincipals })).toThrow(/at most 2500 fit; name several things by one pattern/);
  });
});

describe('runbooks', () => {
  test('each has a role of its own for evidence, contain and release', () => {
    const { template } = containStack();
    const functions = template().findResources('AWS::Lambda::Function');
    const roles = Object.values(functions).map(({ Properties }) =>
      JSON.stringify((Properties as { Role: unknown }).Role),
    );
    expect(new Set(roles).size).toBe(roles.length);
  });

  test('only the contain and the release role may change something of IAM', () => {
    const { template } = containStack();
    for (const [id, policy] of Object.entries(template().findResources('AWS::IAM::Policy'))) {
      if (/^(DisableAccessKey|IsolateInstance)(Contain|Release)Role/.test(id)) continue;
      expect(JSON.stringify(policy)).not.toMatch(/iam:(Put|Update|Delete|Attach|Detach|Pass)/);
    }
  });

  test('a machine logs everything but the data, and is traced', () => {
    const { template } = containStack();
    template().allResourcesProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
  });

  test('one that is given twice is refused', () => {
    const twice = (stack: Stack) => [new DisableAccessKeyRunbook(stack, 'A'), new DisableAccessKeyRunbook(stack, 'B')];
    expect(() => containStack({}, twice)).toThrow("runbook 'disable-access-key' is given twice");
  });

  test('one that is bound twice is refused', () => {
    const shared: DisableAccessKeyRunbook[] = [];
    const { stage } = containStack({}, (stack) => {
      shared.push(new DisableAccessKeyRunbook(stack, 'A'));
      return shared;
    });
    expect(() => shared[0]?.bind(stage as never)).toThrow(/is bound already/);
  });

  test('one that was never bound says so', () => {
    const runbook = new DisableAccessKeyRunbook(new Stack(), 'Alone');
    expect(() => runbook.containMachine).toThrow(/is not bound yet; give it to an IncidentResponse/);
    expect(runbook.runbookId).toBe('disable-access-key');
  });

  test('the catalogue knows its own, and lists them to who asks for another', () => {
    const stack = new Stack();
    expect(new CatalogueRunbook(stack, 'A', { runbook: 'isolate-instance' }).targetKind).toBe('instance');
    expect(() => new CatalogueRunbook(stack, 'B', { runbook: 'isolate-instances' })).toThrow(
      "there is no runbook 'isolate-instances'; the catalogue has: disable-access-key, isolate-instance",
    );
  });
});

/** A text of the template, with the logical ids of what it refers to. */
function joined(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref: ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  return join ? join[1].map(joined).join(join[0]) : (ref ?? '');
}
