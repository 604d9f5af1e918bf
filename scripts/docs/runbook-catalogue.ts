import type { ReleaseKind } from '../../lib/model/containment';
import type { ActionFacts, RunbookFacts } from '../../lib/model/runbook-facts';

const RELEASE: Readonly<Record<ReleaseKind, string>> = {
  restores: 'restores the state before',
  manual: 'by hand',
  never: 'cannot be taken back',
};

/** The page of every runbook, from its facts alone. */
export function runbookCatalogue(runbooks: readonly RunbookFacts[]): string {
  return [
    '# Runbooks',
    '',
    'Made from `runbooks/*/facts.ts` by `npm run docs`; do not edit.',
    '',
    '| runbook | contains | answers (ATT&CK) | evidence |',
    '|---|---|---|---|',
    ...runbooks.map(
      ({ id, target, attack, evidence }) =>
        `| [\`${id}\`](#${id}) | ${target} | ${attack.join(', ')} | ${evidence} containment |`,
    ),
    ...runbooks.flatMap(page),
    '',
  ].join('\n');
}

function page(facts: RunbookFacts): string[] {
  const roles = Object.entries(facts.permissions).map(([role, permissions]) => {
    const actions = [...new Set(permissions.flatMap((permission) => permission.actions))].sort();
    return `- **${role}**: ${actions.map((action) => `\`${action}\``).join(', ')}`;
  });
  return [
    '',
    `## ${facts.id}`,
    '',
    `**${facts.title}.** ${facts.summary}`,
    '',
    `By hand: [the page](../../runbooks/${facts.id}/README.md).`,
    '',
    '| # | action | touches | release |',
    '|---|---|---|---|',
    ...facts.actions.map(
      (action, index) => `| ${index + 1} | ${action.title} | ${action.touches.join('; ')} | ${release(action)} |`,
    ),
    '',
    'What it cannot do:',
    '',
    ...facts.limits.map((limit) => `- ${limit}`),
    '',
    'What each of its roles may call (on which resources, and what is denied: the policies in the template):',
    '',
    ...roles,
  ];
}

function release(action: ActionFacts): string {
  return action.task === undefined ? RELEASE[action.release] : `${RELEASE[action.release]}: ${action.task}`;
}
