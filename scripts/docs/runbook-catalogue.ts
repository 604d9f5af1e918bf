import type { ReleaseKind } from '../../lib/model/containment';
import type { ActionFacts, RunbookFacts } from '../../lib/model/runbook-facts';
import { policyTable, type RecordedRuns } from './runbook-policies';

const RELEASE: Readonly<Record<ReleaseKind, string>> = {
  restores: 'restores the state before',
  manual: 'by hand',
  never: 'cannot be taken back',
};

const WHO: Readonly<Record<keyof RunbookFacts['permissions'], string>> = {
  guardRails: 'the **guard rails**, to see what is touched with the target',
  read: 'each of its **functions**, to plan and to read back',
  evidence: 'the **evidence** function besides',
  contain: 'a **contain run**, at most',
  release: 'a **release run**, at most',
};

/** The page of every runbook, from its facts alone. */
export function runbookCatalogue(
  runbooks: readonly RunbookFacts[],
  recorded: Readonly<Record<string, RecordedRuns>>,
): string {
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
    ...policyTable(runbooks, recorded),
    ...runbooks.flatMap(page),
    '',
  ].join('\n');
}

function page(facts: RunbookFacts): string[] {
  const roles = (Object.keys(WHO) as (keyof typeof WHO)[]).map((part) => {
    const actions = [...new Set(facts.permissions[part].flatMap((permission) => permission.actions))].sort();
    return `- ${WHO[part]}: ${actions.map((action) => `\`${action}\``).join(', ') || 'nothing'}`;
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
    'What may be called, by whom (on which resources: `facts.ts`; what is denied: the policies in the template):',
    '',
    ...roles,
  ];
}

function release(action: ActionFacts): string {
  return action.task === undefined ? RELEASE[action.release] : `${RELEASE[action.release]}: ${action.task}`;
}
