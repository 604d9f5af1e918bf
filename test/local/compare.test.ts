import { describe, expect, test } from '@jest/globals';
import type { Difference } from '../../local/compare';
import { inWords } from '../../local/compare/in-words';
import { placesOf } from '../../local/compare/places';

const variables = (count: number): Difference[] =>
  Array.from({ length: count }, (_, index) => ({
    logicalId: `Function${index}`,
    type: 'AWS::Lambda::Function',
    property: 'Environment.Variables.CONTAIN_ROLE_ARN',
    template: `arn:aws:iam::000000000000:role/a-very-long-name-that-is-the-same-in-both-of-them/Role${index}`,
    api: `arn:aws:iam::000000000000:role/a-very-long-name-that-is-the-same-in-both-of-them/Other${index}`,
  }));

describe('differences in words', () => {
  test('what many resources have in common is one line, and each property of each type has its own', () => {
    const tracing = variables(19).map(({ logicalId }): Difference => ({
      logicalId,
      type: 'AWS::StepFunctions::StateMachine',
      property: 'TracingConfiguration.Enabled',
      template: true,
      api: undefined,
    }));
    const alone = { ...tracing[0], property: 'LoggingConfiguration.Level', template: 'ALL', api: 'OFF' } as Difference;
    expect(inWords([...variables(18), ...tracing, alone])).toEqual([
      'AWS::Lambda::Function Environment.Variables.CONTAIN_ROLE_ARN: …oth-of-them/Other0" in the API, …oth-of-them/Role0" in the template at Function0, and so or otherwise at 17 more',
      'AWS::StepFunctions::StateMachine TracingConfiguration.Enabled: absent in the API, true in the template (19 resources)',
      'AWS::StepFunctions::StateMachine LoggingConfiguration.Level: "OFF" in the API, "ALL" in the template',
    ]);
  });

  test('a value is shown where it differs, however long it is before', () => {
    const [line = ''] = inWords(variables(1));
    expect(line).toContain('Other0"');
    expect(line).toContain('Role0"');
    expect(line.length).toBeLessThan(200);
  });

  test('nothing is said where nothing differs', () => {
    expect(inWords([])).toEqual([]);
  });
});

describe('where two values differ', () => {
  test('is told entry by entry of a map, missing and surplus ones too', () => {
    expect(placesOf('Environment.Variables', { A: '1', B: 'x', C: 'c' }, { A: 1, B: 'y', D: 'd' })).toEqual([
      { property: 'Environment.Variables.B', template: 'x', api: 'y' },
      { property: 'Environment.Variables.C', template: 'c', api: undefined },
      { property: 'Environment.Variables.D', template: undefined, api: 'd' },
    ]);
  });

  test('is told even where every entry seems the same', () => {
    expect(placesOf('Map', { A: null }, {})).toEqual([{ property: 'Map', template: { A: null }, api: {} }]);
  });

  test('is told as a whole where one is no map', () => {
    expect(placesOf('Rule', { Days: 30 }, undefined)).toEqual([
      { property: 'Rule', template: { Days: 30 }, api: undefined },
    ]);
  });
});
