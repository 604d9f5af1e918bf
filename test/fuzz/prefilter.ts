import fc from 'fast-check';
import { Matcher, PROGRAM_VERSION } from '../../lib/sigma';
import { compileFilterPattern } from '../../lib/sigma/filter-pattern';
import { eventBridgeDetail, logFilterPatterns } from '../../lib/sigma/prefilter';
import { matchesEventPattern } from '../prefilter/event-bridge';
import { anyProgram, lawfulEvent } from '../prefilter/lawful';
import type { Properties } from './targets';

const CLOUDTRAIL = { product: 'aws', service: 'cloudtrail' };

/** Random rules, random lawful events: what a rule matches passes both kinds of patterns, and both are valid. */
export function prefilterProperties(): Properties {
  const passesBoth = fc.property(
    anyProgram,
    fc.array(lawfulEvent, { minLength: 5, maxLength: 40 }),
    fc.constantFrom(1 as const, 2 as const),
    fc.constantFrom(1_024, 300, 120),
    (made, events, filters, patternLength) => {
      const program = { ...made, version: PROGRAM_VERSION };
      const patterns = logFilterPatterns(program, { filters, patternLength });
      const tests = patterns.map(compileFilterPattern);
      const detail = eventBridgeDetail(program, 2 * patternLength);
      const matcher = new Matcher(program);
      for (const event of events) {
        if (matcher.match(event, CLOUDTRAIL).length === 0) continue;
        if (!tests.some((holds) => holds(JSON.stringify(event))))
          throw new Error(`${patterns.join('\n')}\nkeep away ${JSON.stringify(event)}`);
        if (detail !== undefined && !matchesEventPattern(detail, event))
          throw new Error(`${JSON.stringify(detail)}\nkeeps away ${JSON.stringify(event)}`);
      }
    },
  );
  return { 'patterns of rules': passesBoth };
}
