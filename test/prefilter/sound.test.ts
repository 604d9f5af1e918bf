import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Matcher, PROGRAM_VERSION } from '../../lib/sigma';
import { compileFilterPattern } from '../../lib/sigma/filter-pattern';
import { eventBridgeDetail, logFilterPatterns, MAX_EVENT_PATTERN } from '../../lib/sigma/prefilter';
import { matchesEventPattern } from './event-bridge';
import { anyProgram, lawfulEvent } from './lawful';

const CLOUDTRAIL = { product: 'aws', service: 'cloudtrail' };
const RUNS = Number(process.env.FIREBREAK_RUNS ?? 300);
const program = anyProgram.map((made) => ({ ...made, version: PROGRAM_VERSION }));
const events = fc.array(lawfulEvent, { minLength: 5, maxLength: 40 });

test('what a rule matches passes the subscription filters, of any length, one and two of them', () => {
  let asked = 0;
  let matched = 0;
  let filtered = 0;
  fc.assert(
    fc.property(
      program,
      events,
      fc.constantFrom(1 as const, 2 as const),
      fc.constantFrom(1_024, 1_024, 400, 200, 120),
      (made, seen, filters, patternLength) => {
        const patterns = logFilterPatterns(made, { filters, patternLength });
        expect(patterns.length).toBeLessThanOrEqual(filters);
        for (const pattern of patterns) expect(pattern.length).toBeLessThanOrEqual(patternLength);
        // Compiling refuses what CloudWatch Logs refuses.
        const tests = patterns.map(compileFilterPattern);
        const matcher = new Matcher(made);
        for (const event of seen) {
          asked++;
          const passes = tests.some((holds) => holds(JSON.stringify(event)));
          if (!passes) filtered++;
          if (matcher.match(event, CLOUDTRAIL).length === 0) continue;
          matched++;
          expect({ passes, patterns, event }).toEqual({ passes: true, patterns, event });
        }
      },
    ),
    { numRuns: RUNS },
  );
  // Or it has shown nothing.
  expect(matched).toBeGreaterThan(asked / 20);
  expect(filtered).toBeGreaterThan(asked / 20);
});

test('what a rule matches passes the event pattern, of any length', () => {
  let matched = 0;
  let filtered = 0;
  fc.assert(
    fc.property(program, events, fc.constantFrom(1_900, 600, 300, 150), (made, seen, limit) => {
      const detail = eventBridgeDetail(made, limit);
      if (detail !== undefined)
        expect(JSON.stringify(detail).length).toBeLessThanOrEqual(Math.min(limit, MAX_EVENT_PATTERN));
      const matcher = new Matcher(made);
      for (const event of seen) {
        const passes = detail === undefined || matchesEventPattern(detail, event);
        if (!passes) filtered++;
        if (matcher.match(event, CLOUDTRAIL).length === 0) continue;
        matched++;
        expect({ passes, detail, event }).toEqual({ passes: true, detail, event });
      }
    }),
    { numRuns: RUNS },
  );
  expect(matched).toBeGreaterThan(RUNS);
  expect(filtered).toBeGreaterThan(RUNS);
});
