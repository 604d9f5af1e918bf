import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadPlan } from '../../cli/load-plan';
import type { Io } from '../../cli/io';
import { defaultResponsePlans } from '../../lib/default-response-plans';
import type { ContainmentRunbook } from '../../lib/contain/containment-runbook';
import { ContainmentMode } from '../../lib/triage/containment-mode';
import { RUNBOOKS } from '../../runbooks';
import { call, Folder, RULE } from './hunting';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
  folder.write('rules/user-created.yml', RULE);
  folder.write('firebreak.yaml', CONFIGURATION);
});
afterEach(() => folder.remove());

const CONFIGURATION = `mode: enforce
account: '111111111111'
sources:
  cloudTrail:
    events: true
escalationChains:
  - name: on-call
    levels:
      - name: first
        acknowledgeWithin: 5m
        recipients:
          - email: a@example.com
`;

test('--plan tells what would have been contained, and why not', async () => {
  const foreign = {
    userIdentity: {
      type: 'IAMUser',
      arn: 'arn:aws:iam::222222222222:user/eve',
      accountId: '222222222222',
      userName: 'eve',
    },
  };
  folder.write(
    'e.jsonl',
    [call('CreateUser', 'e0'), call('CreateUser', 'e1', foreign)].map((one) => JSON.stringify(one)).join('\n'),
  );
  const { found, err } = await folder.hunt(
    '--rules',
    'rules',
    '--events',
    'e.jsonl',
    '--plan',
    'firebreak.yaml',
    '--json',
  );
  expect(err).toBe('');
  expect(found.map(({ plan }) => plan)).toEqual([
    {
      name: 'compromised-user',
      containments: [
        { runbook: 'disable-access-key', mode: 'enforce', target: expect.stringContaining('user/mallory') },
      ],
    },
    {
      name: 'compromised-user',
      containments: [
        {
          runbook: 'disable-access-key',
          mode: 'observe',
          target: expect.stringContaining('user/eve'),
          because: expect.stringContaining('222222222222'),
        },
      ],
    },
  ]);
  const text = await folder.hunt('--rules', 'rules', '--events', 'e.jsonl', '--plan', 'firebreak.yaml');
  expect(text.out).toContain('plan compromised-user: enforce disable-access-key on user ');
});

test('without plans in the configuration it takes those of the construct', () => {
  const { plans } = loadPlan({ cwd: folder.path } as Io, 'firebreak.yaml');
  const constructs = RUNBOOKS.map(
    ({ id, target }) => ({ runbookId: id, targetKind: target }) as unknown as ContainmentRunbook,
  );
  const expected = defaultResponsePlans(constructs).map((plan) => plan._toData(ContainmentMode.ENFORCE, ''));
  expect(JSON.parse(JSON.stringify(plans))).toEqual(JSON.parse(JSON.stringify(expected)));
});

test('a configuration with mistakes is told', async () => {
  folder.write('wrong.yaml', CONFIGURATION.replace('mode: enforce', 'mode: destroy'));
  folder.write('e.jsonl', JSON.stringify(call('CreateUser', 'e0')));
  const { code, err } = await folder.hunt(
    '--rules',
    'rules',
    '--events',
    'e.jsonl',
    '--plan',
    join(folder.path, 'wrong.yaml'),
  );
  expect(code).toBe(1);
  expect(err).toContain("wrong.yaml:1:7: 'mode'");
});
