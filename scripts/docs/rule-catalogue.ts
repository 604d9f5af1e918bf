import { readRuleFiles } from '../../lib/detect/rule-files';
import { LEVELS } from '../../lib/model/alert';
import { compileRules } from '../../lib/sigma/compile';

/** A row for each of our own rules, the worst first. */
export function ruleCatalogue(folder: string): string {
  const { program } = compileRules(readRuleFiles(folder));
  const rules = [...program.rules].sort(
    (a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || a.title.localeCompare(b.title),
  );
  return [
    '# Rules',
    '',
    'Made from `rules/` by `npm run docs`; do not edit. What decides a level is in [rules/README.md](../../rules/README.md).',
    '',
    '| level | rule | looks at | ATT&CK | id |',
    '|---|---|---|---|---|',
    ...rules.map(({ level, title, logsource, tags, id }) => {
      const source = [logsource.product, logsource.service, logsource.category].filter((part) => part !== undefined);
      const attack = tags.filter((tag) => /^attack\.t\d/.test(tag)).map((tag) => tag.slice(7).toUpperCase());
      return `| ${level} | ${title} | ${source.join('/')} | ${attack.join(', ')} | \`${id}\` |`;
    }),
    '',
  ].join('\n');
}
