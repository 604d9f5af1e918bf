import { compileRules, formatProblem, type Compiled, type Program } from '../../../lib/sigma';

/** A rule that is called by its name and looks for `kind: <name>`. */
export function named(name: string, more = ''): string {
  return `title: ${name}
name: ${name}
logsource:
  product: application
detection:
  s:
    kind: ${name}
  condition: s
${more}`;
}

export function correlation(section: string, more = 'name: top'): string {
  const indented = section
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return `title: A correlation
${more}
correlation:
${indented}
`;
}

export function compileDocuments(...documents: readonly string[]): Compiled {
  return compileRules([{ path: 'a.yml', text: documents.join('\n---\n') }]);
}

export function programOf(...documents: readonly string[]): Program {
  const { program, problems } = compileDocuments(...documents);
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
  return program;
}

export function problemsOf(...documents: readonly string[]): string[] {
  return compileDocuments(...documents).problems.map(formatProblem);
}
