import fc from 'fast-check';
import { compileRules, formatProblem } from '../../lib/sigma';
import { Matcher } from '../../lib/sigma/matcher';
import type { Properties } from './targets';

/** A rule takes a few milliseconds; a bomb takes for ever. */
const MOST_MS = 5_000;

const PIECES = [
  'title: A rule\n',
  'id: 0d0d0d0d-0000-4000-8000-000000000001\n',
  'logsource:\n  product: aws\n  service: cloudtrail\n',
  'detection:\n',
  '  s:\n    eventName: CreateUser\n',
  "  t:\n    - a|re: '(a+)+$'\n    - b|contains|all: [x, '*', \"\\u0041\"]\n",
  '  keywords: [one, two]\n',
  '  condition: s\n',
  '  condition: 1 of them and not (s or t)\n',
  'correlation:\n  type: event_count\n  rules: [a]\n  group-by: [x]\n  timespan: 5m\n  condition:\n    gte: 10\n',
  'filter:\n  rules: [a]\n  selection:\n    x: y\n  condition: not selection\n',
  'level: high\n',
  'tags: [attack.t1078]\n',
  'status: test\n',
  '---\n',
  '&a ',
  '*a',
  '<<: *a\n',
  '!!binary ',
  '? ',
  '[',
  ']',
  '{',
  '}',
  '|\n',
  '>-\n',
  '\t',
  '"',
  "'",
  ': ',
  '- ',
  '#',
  '%YAML 1.1\n',
  '\u0000',
  '\uFEFF',
  '\r\n',
  '2020-01-01\n',
  '0x1F',
  '1e999',
  '.nan',
  '~',
  'a|cidr: 10.0.0.0/8\n',
  'a|base64offset|contains: x\n',
  'a|windash: "-x -y"\n',
  'a|expand: "%x%"\n',
  'a|fieldref: b\n',
];

const text = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string() }), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''));

const WHOLE = PIECES.slice(0, 5).join('') + '  condition: s\nlevel: high\n';

/** A good rule with something put into it, taken out or written twice: mistakes as people make them. */
const damaged = fc
  .tuple(fc.nat(WHOLE.length), fc.nat(20), fc.oneof(fc.constantFrom(...PIECES), fc.string()))
  .map(([at, take, put]) => WHOLE.slice(0, at) + put + WHOLE.slice(at + take));

/** The loader never throws and never hangs, says of each mistake where it is, and what it accepts can be run. */
export function yamlProperties(): Properties {
  return { 'pieces of rules': holds(text), 'damaged rules': holds(damaged) };
}

function holds(arbitrary: fc.Arbitrary<string>): fc.IRawProperty<unknown> {
  return fc.property(arbitrary, (source) => {
    const start = performance.now();
    const { program, problems } = compileRules([{ path: 'a.yml', text: source }]);
    const lines = source.split(/\r\n|\r|\n/).length;
    for (const problem of problems) {
      if (problem.path !== 'a.yml' || !(problem.line >= 1 && problem.line <= lines + 1) || !(problem.column >= 1))
        throw new Error(`a problem without a place in the file: ${formatProblem(problem)}`);
      if (problem.message === '') throw new Error('a problem without words');
    }
    const matcher = new Matcher(program);
    matcher.match(
      { eventName: 'CreateUser', a: ['x', 1, null, { b: true }] },
      { product: 'aws', service: 'cloudtrail' },
    );
    const took = performance.now() - start;
    if (took > MOST_MS) throw new Error(`took ${Math.round(took)} ms`);
  });
}
