import { describe, expect, test } from '@jest/globals';
import { CreateUserCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { embeddedAws } from '../embedded/aws';

describe('the embedded AWS behind its recording proxy', () => {
  const aws = embeddedAws();
  const iam = new IAMClient({ ...aws.client, maxAttempts: 1 });

  test('records a call with its operation, resource and whether it changes anything', async () => {
    await iam.send(new CreateUserCommand({ UserName: 'kept-by-the-proxy' }));
    await iam.send(new GetUserCommand({ UserName: 'kept-by-the-proxy' }));

    const calls = await aws.proxy.calls({ resource: 'kept-by-the-proxy' });

    expect(calls.map(({ service, operation, mutating, status }) => ({ service, operation, mutating, status }))).toEqual(
      [
        { service: 'iam', operation: 'CreateUser', mutating: true, status: 200 },
        { service: 'iam', operation: 'GetUser', mutating: false, status: 200 },
      ],
    );
  });

  test('makes a call fail as AWS does, across processes', async () => {
    await aws.proxy.inject({ match: { service: 'iam', resource: 'limited' }, fault: 'limit-exceeded' });

    const refused = iam.send(new CreateUserCommand({ UserName: 'limited' }));

    await expect(refused).rejects.toThrow(expect.objectContaining({ name: 'LimitExceededException' }));
    await expect(iam.send(new CreateUserCommand({ UserName: 'limited' }))).resolves.toBeDefined();
  });
});
