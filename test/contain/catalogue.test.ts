import { describe, expect, test, jest } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { ENTITY_KINDS } from '../../lib/model/entity';
import { RUNBOOKS } from '../../runbooks';

const ROOT = join(__dirname, '../../runbooks');
/** As the bundles find them: by their place. */
const BY_ID: Readonly<Record<string, Runbook>> = Object.fromEntries(
  RUNBOOKS.map(({ id }) => [id, jest.requireActual<{ runbook: Runbook }>(join(ROOT, id, 'actions')).runbook]),
);
const READS = /^(Get|List|Describe|Lookup)/;

test('the catalogue lists every folder', () => {
  const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(RUNBOOKS.map(({ id }) => id).sort()).toEqual(folders.map(({ name }) => name).sort());
  expect(Object.keys(BY_ID).sort()).toEqual(RUNBOOKS.map(({ id }) => id).sort());
});

describe.each(RUNBOOKS)('runbook $id', (facts) => {
  const runbook = BY_ID[facts.id] as Runbook;

  test('has an action for each fact, in the same order', () => {
    expect(runbook.facts).toBe(facts);
    expect(runbook.actions.map(({ id }) => id)).toEqual(facts.actions.map(({ id }) => id));
  });

  test('says what it is about in words that pages can use', () => {
    expect(facts.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(ENTITY_KINDS).toContain(facts.target);
    expect(facts.summary.endsWith('.')).toBe(true);
    expect(facts.limits.length).toBeGreaterThan(0);
    for (const technique of facts.attack) expect(technique).toMatch(/^T\d{4}(\.\d{3})?$/);
  });

  test('tells people what to do where release does not restore', () => {
    for (const action of facts.actions) {
      expect([action.id, action.release !== 'restores']).toEqual([action.id, 'task' in action]);
    }
  });

  test('its evidence has names of its own', () => {
    const names = runbook.evidence.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  test('its evidence role changes nothing but snapshots', () => {
    const changes = facts.permissions.evidence
      .flatMap(({ actions }) => actions)
      .filter((action) => !READS.test(action.split(':')[1] ?? ''));
    const allowed =
      facts.id === 'isolate-instance' ? ['ec2:CreateSnapshots', 'ec2:CreateTags', 'ec2:LockSnapshot'] : [];
    expect(changes).toEqual(allowed);
  });

  test('no role creates credentials or may do everything', () => {
    for (const { actions } of Object.values(facts.permissions).flat()) {
      for (const action of actions) {
        expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z0-9]+$/);
        expect(action).not.toMatch(/iam:Create|sts:|iam:UpdateAssumeRolePolicy/);
      }
    }
  });

  test('each `*` says why', () => {
    for (const { resources, why } of Object.values(facts.permissions).flat()) {
      if (resources.includes('*')) expect(why).toBeDefined();
    }
  });

  test('has a page that names every action', () => {
    const page = join(ROOT, facts.id, 'README.md');
    expect(existsSync(page)).toBe(true);
    const text = readFileSync(page, 'utf8');
    for (const { title } of facts.actions) expect(text).toContain(title);
  });
});
