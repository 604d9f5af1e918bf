import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildStack } from '../../config/build-stack';
import { parseConfiguration } from '../../config/load';
import { RUNBOOKS } from '../../runbooks';

const ROOT = resolve(__dirname, '../..');
/** What an example leaves out: everything that is not its point. */
const REST = `stack: Firebreak
account: '111122223333'
region: us-east-1
sources: { guardDuty: true, cloudTrail: { events: true } }
escalationChains:
  - name: on-call
    levels:
      - { name: first, acknowledgeWithin: 5m, recipients: [{ email: first@example.com }] }
`;
/** Runbooks that no default plan asks for: whoever wants one has to write it. */
const MUST_HAVE = ['contain-administrator', 'lock-bucket', 'restore-logging'];

const examples = RUNBOOKS.flatMap(({ id }) => {
  const page = join(ROOT, 'runbooks', id, 'README.md');
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
  return [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => [id, yaml] as const);
});

const synth = (yaml: string) =>
  buildStack(new App(), parseConfiguration(`${REST}${yaml}`, 'firebreak.yaml'), 'firebreak.yaml');

describe("what the runbooks' pages say to put into firebreak.yaml", () => {
  test.each(examples)('%s: is taken, and its rules are there', (id, yaml) => {
    expect(() => synth(yaml)).not.toThrow();
    if (yaml.includes('responsePlans:')) expect(yaml).toContain(`runbook: ${id}`);
    // A tag that no rule has would never answer, and synth cannot know that: rules of others may have it.
    expect(yaml).not.toContain('tags:');
  });

  test('is there for those that nothing asks for by itself', () => {
    const shown = examples.filter(([, yaml]) => yaml.includes('responsePlans:')).map(([id]) => id);

    expect(shown).toEqual(expect.arrayContaining(MUST_HAVE));
  });

  test('would be found where a rule does not exist', () => {
    const [, yaml = ''] = examples.find(([id]) => id === 'contain-administrator') ?? [];

    expect(() => synth(yaml.replace('374dd75a', '374dd75b'))).toThrow(/there is no rule 374dd75b/);
  });
});
