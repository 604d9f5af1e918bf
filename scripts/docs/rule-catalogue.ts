import { readRuleFiles } from '../../lib/detect/rule-files';
import { LEVELS, type Level } from '../../lib/model/alert';
import { compileRules } from '../../lib/sigma/compile';

interface Row {
  readonly level: Level;
  readonly title: string;
  readonly looksAt: string;
  readonly tags: readonly string[];
  readonly id: string;
}

/** A row for each of our own rules and correlations, the worst first. */
export function ruleCatalogue(folder: string): string {
  const { program } = compileRules(readRuleFiles(folder));
  const titles = new Map([...program.rules, ...(program.correlations ?? [])].map(({ id, title }) => [id, title]));
  const rules: Row[] = program.rules
    .filter(({ silent }) => !silent)
    .map(({ logsource: { product, service, category }, ...rule }) => ({
      ...rule,
      looksAt: [product, service, category].filter((part) => part !== undefined).join('/'),
    }));
  const correlations: Row[] = (program.correlations ?? [])
    .filter(({ silent }) => !silent)
    .map(({ type, rules: counted, ...rule }) => ({
      ...rule,
      looksAt: `${type} of ${counted.map((id) => `'${titles.get(id) ?? id}'`).join(', ')}`,
    }));
  const rows = [...rules, ...correlations].sort(
    (a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || a.title.localeCompare(b.title),
  );
  return [
    '# Rules',
    '',
    'Made from `rules/` by `npm run docs`; do not edit. What decides a level is in [rules/README.md](../../rules/README.md).',
    '',
    `${rules.length} rules of single events and ${correlations.length} correlations; what correlations count and nobody is alerted of is not listed.`,
    '',
    '| level | rule | looks at | ATT&CK | id |',
    '|---|---|---|---|---|',
    ...rows.map(({ level, title, looksAt, tags, id }) => {
      const attack = tags.filter((tag) => /^attack\.t\d/.test(tag)).map((tag) => tag.slice(7).toUpperCase());
      return `| ${level} | ${title} | ${looksAt} | ${attack.join(', ')} | \`${id}\` |`;
    }),
    '',
  ].join('\n');
}
