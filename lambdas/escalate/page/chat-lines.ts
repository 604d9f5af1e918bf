import { markExercise } from '../../../lib/model/exercise';
import { exerciseLines } from '../../shared/exercise';
import type { PageContent } from './content';
import { unlinked } from './unlinked';

const MAX_LINE = 300;
const MAX_ENTITIES = 10;

/** A page in the lines of a chat message; nothing in them can be clicked, and no markup is made here. */
export function lines(page: PageContent): { readonly title: string; readonly body: readonly string[] } {
  const says = (text: string) => unlinked(text, MAX_LINE);
  return {
    title: markExercise(`${page.severity}: ${says(page.title)}`, page.exercise),
    body: [
      ...exerciseLines(page.exercise).map(says),
      `Incident ${page.incidentId} in account ${says(page.account)}, ${says(page.region)}, opened ${page.openedAt}`,
      ...(page.containments.length === 0 ? ['Firebreak did nothing: no runbook is planned for it'] : []),
      ...page.containments.map(
        ({ words, runbook, target, reason }) =>
          `${words}: ${says(runbook)} on ${target.kind} ${says(target.id)}${reason === undefined ? '' : ` (${says(reason)})`}`,
      ),
      ...page.approvals.map(
        ({ until, subject, changes }, index) =>
          `APPROVE OR DECLINE${page.approvals.length > 1 ? ` ${index + 1}` : ''} until ${until}: ${says(subject)}, ${changes} change(s)`,
      ),
      ...page.news.map((text) => `New: ${says(text)}`),
      ...page.entities.slice(0, MAX_ENTITIES).map(({ role, kind, id }) => `${role}: ${kind} ${says(id)}`),
      `Level '${page.level}' of escalation chain '${page.chain}', attempt ${page.attempt}, page ${page.round}`,
    ],
  };
}
