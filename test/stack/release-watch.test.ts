import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../lib/model/json';
import { RUNBOOKS } from '../../runbooks';
import { Resolver } from '../iam/resolve';
import { matchesEventPattern } from '../prefilter/event-bridge';
import { everyRunbook, ofType, refersTo, REGION, resourcesOf, sampleApp, sampleStack } from './sample-stack';

const resources = resourcesOf(sampleStack(sampleApp(), 'Sample', REGION, everyRunbook).stack);
const resolver = new Resolver(resources);
const machines = ofType(resources, 'AWS::StepFunctions::StateMachine').map(([id]) => id);
const rules = ofType(resources, 'AWS::Events::Rule').filter(([id]) => id.includes('ReleaseWatch'));

function tellers(machine: string, status: string) {
  const event = {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { status, stateMachineArn: resolver.resolve({ Ref: machine }) as string },
  };
  return rules.filter(([, { Properties = {} }]) =>
    matchesEventPattern(resolver.resolve(Properties['EventPattern']) as JsonObject, event),
  );
}

describe('the first level is told of each release as it begins', () => {
  const releasing = machines.filter((id) => id.includes('Release'));

  test('of every runbook', () => {
    expect(releasing).toHaveLength(RUNBOOKS.length);
  });

  test.each(releasing)('by %s', (machine) => {
    const [[, { Properties = {} }] = ['', {}], ...more] = tellers(machine, 'RUNNING');

    expect(more).toEqual([]);
    const targets = Properties['Targets'] as { readonly Arn: unknown }[] | undefined;
    expect(refersTo(targets?.map(({ Arn }) => Arn))).toEqual([expect.stringContaining('OnCall')]);
    expect(JSON.stringify(targets)).toContain('a release began');
    // Whoever starts an execution words its name, and people would read it.
    expect(JSON.stringify(targets)).not.toContain('executionArn');
    expect(tellers(machine, 'SUCCEEDED')).toEqual([]);
  });

  test.each(machines.filter((id) => !id.includes('Release')))('and of nothing else: %s', (machine) => {
    expect(tellers(machine, 'RUNNING')).toEqual([]);
  });
});
