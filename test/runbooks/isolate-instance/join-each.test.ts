import { describe, expect, jest, test } from '@jest/globals';
import { joinEach } from '../../../runbooks/isolate-instance/actions/join-each';

const named = (name: string) => Object.assign(new Error('no'), { name });
const fails = (what: string, name: string) => ({ what, join: () => Promise.reject(named(name)) });

describe('joining load balancers again', () => {
  test.each(['TargetGroupNotFoundException', 'AccessPointNotFoundException', 'LoadBalancerNotFound'])(
    'what was deleted (%s) is a task, and the next is joined',
    async (name) => {
      const join = jest.fn(() => Promise.resolve());

      const { restored, tasks } = await joinEach([fails('i-1:80 in gone', name), { what: 'i-1:80 in web', join }]);

      expect(restored).toEqual(['registered i-1:80 in web']);
      expect(tasks).toEqual([expect.stringMatching(/^Not registered i-1:80 in gone: it was deleted meanwhile/)]);
    },
  );

  test('whatever else fails is thrown once the others were tried', async () => {
    const join = jest.fn(() => Promise.resolve());

    await expect(joinEach([fails('a', 'AccessDenied'), { what: 'b', join }])).rejects.toThrow(
      'not registered: a: AccessDenied: no',
    );

    expect(join).toHaveBeenCalledTimes(1);
  });
});
