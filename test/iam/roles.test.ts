import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { neededCalls } from './needed';
import { Roles, type Call } from './roles';

// Hundreds of simulations a test, on a machine that may be busy.
jest.setTimeout(60_000);

const roles = new Roles();
const needed = neededCalls(roles);

afterAll(() => {
  console.log(`${roles.names.length} roles, ${roles.simulated} calls simulated`);
});

describe('every role may do what its code does', () => {
  test('and every role of the template is looked at', () => {
    expect(Object.keys(needed).sort()).toEqual(
      roles.names.filter((name) => !name.startsWith('FirebreakEscalationEndpoint')).sort(),
    );
  });

  test.each(Object.entries(needed))('%s', async (role, calls) => {
    const deadLetters = roles.deadLetterQueues(role).map((queue): Call => ['sqs:SendMessage', queue]);
    expect(await roles.wrong(role, [...calls, ...deadLetters], 'allowed')).toEqual([]);
  });
});
