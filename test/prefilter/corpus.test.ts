import { beforeAll, expect, test } from '@jest/globals';
import { at, type JsonObject } from '../../lib/model/json';
import { Matcher, type Program } from '../../lib/sigma';
import { compileFilterPattern } from '../../lib/sigma/filter-pattern';
import { eventBridgeDetail, FLAG_FIELDS, logFilterPatterns, TEXT_FIELDS } from '../../lib/sigma/prefilter';
import { describeCorpus } from '../sigma/corpus';
import { awsRules, corpusEvents, ourRules } from './corpus-events';
import { matchesEventPattern } from './event-bridge';

const CLOUDTRAIL = { product: 'aws', service: 'cloudtrail' };
/** FIREBREAK_SUBSETS=1000 takes some minutes. */
const SUBSETS = Number(process.env.FIREBREAK_SUBSETS ?? 60);

describeCorpus('the prefilter on the corpus', () => {
  let noise: JsonObject[];
  let all: JsonObject[];
  let programs: { readonly aws: Program; readonly ours: Program; readonly quiet: Program };

  beforeAll(() => {
    ({ noise, all } = corpusEvents());
    const aws = awsRules();
    const quiet = { ...aws, rules: aws.rules.filter(({ title }) => !/^AWS STS AssumeRole Misuse$/i.test(title)) };
    programs = { aws, ours: ourRules(), quiet };
    expect(quiet.rules).toHaveLength(56);
  });

  const look = (program: Program, filters: 1 | 2) => {
    const patterns = logFilterPatterns(program, { filters });
    const tests = patterns.map(compileFilterPattern);
    const deliveries = (event: JsonObject): number => tests.filter((holds) => holds(JSON.stringify(event))).length;
    const matcher = new Matcher(program);
    const matching = all.filter((event) => matcher.match(event, CLOUDTRAIL).length > 0);
    const counts = noise.map(deliveries);
    return {
      patterns,
      matching: matching.length,
      lost: matching.filter((event) => deliveries(event) === 0),
      keptAway: counts.filter((count) => count === 0).length / noise.length,
      twice: counts.filter((count) => count > 1).length,
      twiceOfAll: all.map(deliveries).filter((count) => count > 1).length,
    };
  };

  test.each([
    ['aws', 1],
    ['aws', 2],
    ['quiet', 1],
    ['quiet', 2],
    ['ours', 1],
    ['ours', 2],
  ] as const)('keeps nothing away that matches: %s rules, %d filter(s)', (name, filters) => {
    const { patterns, matching, lost, keptAway, twice, twiceOfAll } = look(programs[name], filters);
    expect(lost).toEqual([]);
    expect(matching).toBeGreaterThan(0);
    console.log(
      `${name}, ${filters} allowed, ${patterns.length} used (${patterns.map(({ length }) => length).join(' + ')} characters): ` +
        `${(keptAway * 100).toFixed(1)} % of the noise kept away, ${twice} of ${noise.length} delivered twice (${twiceOfAll} of all ${all.length}), ${matching} match, 0 lost`,
    );
    // Without the rule that by itself matches 92 % of it.
    if (name !== 'aws') expect(keptAway).toBeGreaterThanOrEqual(0.8);
  });

  test.each(['aws', 'ours'] as const)('the event pattern keeps nothing away that matches: %s rules', (name) => {
    const program = programs[name];
    const detail = eventBridgeDetail(program);
    const matcher = new Matcher(program);
    const lost = all.filter(
      (event) =>
        matcher.match(event, CLOUDTRAIL).length > 0 && detail !== undefined && !matchesEventPattern(detail, event),
    );
    expect(lost).toEqual([]);
  });

  test(`keeps nothing away that matches: ${SUBSETS} random subsets of all rules`, () => {
    const rules = [...programs.aws.rules, ...programs.ours.rules];
    // A pattern sees these fields only: one event of each kind stands for all.
    const kinds = new Map(all.map((event) => [kindOf(event), event]));
    const messages = [...kinds.values()].map((event) => JSON.stringify(event));
    const matched = rules.map((rule) => {
      const matcher = new Matcher({ version: programs.aws.version, rules: [rule] });
      return new Set(all.filter((event) => matcher.match(event, CLOUDTRAIL).length > 0).map(kindOf));
    });
    const keys = [...kinds.keys()];
    const random = generator(20261121);
    let checked = 0;
    for (let round = 0; round < SUBSETS; round++) {
      // Small ones and large ones.
      const share = random() ** 2;
      const chosen = rules.flatMap((rule, index) => (random() < share ? [{ rule, hits: matched[index] }] : []));
      const program = { version: programs.aws.version, rules: chosen.map(({ rule }) => rule) };
      const tests = logFilterPatterns(program, { filters: random() < 0.5 ? 1 : 2 }).map(compileFilterPattern);
      const wanted = new Set(chosen.flatMap(({ hits }) => [...(hits ?? [])]));
      for (const [index, message] of messages.entries()) {
        if (!wanted.has(keys[index] ?? '')) continue;
        checked++;
        if (!tests.some((holds) => holds(message)))
          expect({ round, lost: message, rules: program.rules.map(({ title }) => title) }).toBeUndefined();
      }
    }
    console.log(
      `${SUBSETS} subsets of ${rules.length} rules, ${kinds.size} kinds of events, ${checked} checks, 0 lost`,
    );
    expect(checked).toBeGreaterThan(SUBSETS);
  }, 240_000);
});

function kindOf(event: JsonObject): string {
  return JSON.stringify(
    [...TEXT_FIELDS.map(({ path }) => path), ...FLAG_FIELDS].map((path) => at(event, path) ?? null),
  );
}

/** Mulberry32: the same subsets in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
