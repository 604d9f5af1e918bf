import { expect, test } from '@jest/globals';
import type { DrillDocument } from '../../drills/document';
import { ended, LONG_MS, printed, startDrill, textOf } from './start-drill';

// A file of its own, so that it runs beside the others.
test(
  'plays the attacker who fights back when he is named: nobody is told that he is contained',
  async () => {
    const child = startDrill(['fighting-attacker', '--json']);
    const [out, err, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), ended(child)]);

    const { scenario, expectations, incidents } = printed(out, err) as DrillDocument;
    const failed = expectations.filter(({ passed }) => !passed);
    expect({ scenario, code, err, failed }).toEqual({ scenario: 'fighting-attacker', code: 0, err: '', failed: [] });
    expect(incidents).toMatchObject([{ severity: 'SEV1', runbooks: [{ status: 'failed' }] }]);
  },
  LONG_MS,
);
