import type { JsonObject } from '../../lib/model/json';
import { compileRules, formatProblem, match, type Match, type Program } from '../../lib/sigma';

export const CLOUDTRAIL = { product: 'aws', service: 'cloudtrail' };

/** A whole rule file around a detection, which begins in line 7. */
export function ruleText(detection: string, more = ''): string {
  const indented = detection
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return `title: A rule
id: 0d0d0d0d-0000-4000-8000-000000000001
logsource:
  product: aws
  service: cloudtrail
detection:
${indented}
${more}`;
}

export function compile(detection: string): Program {
  const { program, problems } = compileRules([{ path: 'a.yml', text: ruleText(detection) }]);
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
  return program;
}

/** The mistakes of one detection, as a person reads them. */
export function problemsOf(detection: string, more = ''): string[] {
  return compileRules([{ path: 'a.yml', text: ruleText(detection, more) }]).problems.map(formatProblem);
}

/** The match of a record by `selection`, or undefined. */
export function matchOf(selection: string, record: JsonObject): Match | undefined {
  return match(
    compile(`selection:\n  ${selection.split('\n').join('\n  ')}\ncondition: selection`),
    record,
    CLOUDTRAIL,
  )[0];
}
