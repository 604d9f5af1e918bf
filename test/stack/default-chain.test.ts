import { expect, test } from '@jest/globals';
import { ofType, resourcesOf, sampleApp, sampleStack } from './sample-stack';

type Variables = Readonly<Record<string, unknown>>;

const functions = ofType(resourcesOf(sampleStack(sampleApp()).stack), 'AWS::Lambda::Function').flatMap(
  ([id, { Properties }]): [string, Variables][] => {
    const variables = (Properties?.['Environment'] as { Variables?: Variables } | undefined)?.Variables;
    return variables?.['ESCALATION_MACHINES'] === undefined ? [] : [[id, variables]];
  },
);

test('there are functions that start escalations', () => {
  expect(functions.length).toBeGreaterThan(4);
});

test.each(functions)('%s knows which chain stands in for one that is no more', (_, variables) => {
  const name = variables['DEFAULT_CHAIN'];
  expect(typeof name).toBe('string');
  // Among those that it may start.
  expect(JSON.stringify(variables['ESCALATION_MACHINES'])).toContain(
    JSON.stringify(`"${String(name)}":"`).slice(1, -1),
  );
});
