import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlanExplanation } from '../../cli/plan/explain';
import { ACCOUNT, sampleAlert, user } from '../samples/alert';
import { runCli } from './run-cli';

const CONFIGURATION = `account: '${ACCOUNT}'
mode: enforce
sources: { guardDuty: true }
escalationChains:
  - name: on-call
    levels: [{ name: first, acknowledgeWithin: 5m, recipients: [{ email: first@example.com }] }]
stakeholders:
  - { name: management, recipient: { email: board@example.com }, events: [opened], severityAtLeast: SEV1 }
  - { name: legal, recipient: { email: legal@example.com }, events: [closed] }
assets:
  - { name: production, criticality: high, accounts: ['${ACCOUNT}'] }
suppressions:
  - { name: scanner, owner: platform, reason: scan, until: '2099-01-01T00:00:00Z', principals: ['arn:aws:iam::*:user/scanner'], levelAtMost: high }
responsePlans:
  - { name: instances, when: { entityKinds: [instance] } }
  - { name: users, when: { entityKinds: [user] }, runbooks: [{ runbook: disable-access-key, contains: actor }], stakeholders: [management] }
  - { name: rest }
`;

describe('plan explain', () => {
  let cwd = '';
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'firebreak-plan-'));
    writeFileSync(join(cwd, 'firebreak.yaml'), CONFIGURATION);
    writeFileSync(join(cwd, 'alert.json'), JSON.stringify(sampleAlert()));
    writeFileSync(join(cwd, 'scan.json'), JSON.stringify(sampleAlert({ entities: [user('scanner')] })));
    writeFileSync(join(cwd, 'two.json'), JSON.stringify([sampleAlert(), sampleAlert()]));
    writeFileSync(join(cwd, 'event.json'), JSON.stringify({ eventName: 'CreateUser' }));
  });
  afterAll(() => {
    rmSync(cwd, { recursive: true });
  });

  test('says which plan answers, why the others do not, and what would come of it', async () => {
    const { code, out } = await runCli(['plan', 'explain', 'alert.json', '--json'], { cwd });
    const explained = JSON.parse(out) as PlanExplanation;

    expect(code).toBe(0);
    expect(explained).toMatchObject({
      plan: 'users',
      severity: 'SEV1',
      because: 'impact high (production), urgency high',
      chain: 'on-call',
      stakeholders: ['management'],
      assets: ['production'],
      suppressedBy: null,
      runbooks: [{ runbook: 'disable-access-key', mode: 'enforce' }],
      questions: [],
    });
    expect(explained.plans).toEqual([
      { name: 'instances', answers: false, because: 'no entity is a instance' },
      { name: 'users', answers: true, because: 'every condition holds' },
      { name: 'rest', answers: false, because: "every condition holds, but 'users' stands before it" },
    ]);
  });

  test('says so to people, and what would keep it quiet', async () => {
    const { out } = await runCli(['plan', 'explain', 'scan.json'], { cwd });

    expect(out).toMatch(/'users' answers/);
    expect(out).toMatch(/kept quiet by suppression 'scanner'/);
  });

  test.each([
    ['two.json', 2, /holds 2 alerts/],
    ['event.json', 1, /event.json: this is not an alert/],
    ['nothing.json', 2, /nothing.json/],
  ])('%s is refused', async (file, expected, message) => {
    const { code, err } = await runCli(['plan', 'explain', file], { cwd });

    expect(code).toBe(expected);
    expect(err).toMatch(message);
  });
});
