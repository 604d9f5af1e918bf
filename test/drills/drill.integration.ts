import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import type { DrillDocument } from '../../drills/document';
import { familyAtWork, survivors } from './family';
import { ended, LONG_MS, printed, startDrill, textOf } from './start-drill';

/** Where there is no /proc, nobody can tell here which processes were left. */
const withProc = existsSync('/proc/self/stat') ? describe : describe.skip;

withProc('firebreak drill', () => {
  test(
    'plays the usual scenarios, prints one JSON document and nothing else, and leaves no process behind',
    async () => {
      const child = startDrill(['--json']);
      const [out, err, code, family] = await Promise.all([
        textOf(child.stdout),
        textOf(child.stderr),
        ended(child),
        familyAtWork(child),
      ]);

      const documents = printed(out, err) as DrillDocument[];
      const failed = documents.flatMap(({ expectations }) => expectations).filter(({ passed }) => !passed);
      expect({ code, err, failed }).toEqual({ code: 0, err: '', failed: [] });
      expect(documents.map(({ scenario, passed }) => [scenario, passed])).toEqual([
        ['leaked-key', true],
        ['compromised-instance', true],
      ]);
      for (const { incidents, report, skipped, endpoint } of documents) {
        expect(incidents).toHaveLength(1);
        expect(Object.values(incidents[0]?.timings_ms ?? {})).toEqual([1, 1, 1].map(() => expect.any(Number)));
        expect([report.html, report.markdown].map((file) => existsSync(file ?? ''))).toEqual([true, true]);
        expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
        expect(skipped.length).toBeGreaterThan(0);
      }
      expect(family.length).toBeGreaterThan(0);
      expect(await survivors(family)).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'interrupted by Ctrl-C ends with exit code 130 and takes everything along',
    async () => {
      const child = startDrill(['leaked-key']);
      const whole = ended(child);
      const family = await familyAtWork(child);

      child.kill('SIGINT');

      expect(await whole).toBe(130);
      expect(await survivors(family)).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'killed outright, it takes everything along too',
    async () => {
      const child = startDrill(['leaked-key']);
      const whole = ended(child);
      const family = await familyAtWork(child);

      child.kill('SIGKILL');
      await whole;

      expect(await survivors(family)).toEqual([]);
    },
    LONG_MS,
  );
});
