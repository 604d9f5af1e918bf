import { canonicalJson } from '../../../lib/model/canonical-json';
import { appendOnce } from '../../shared/store/append-once';
import { changeContainment } from '../../shared/store/containments';
import { putDraft } from '../../shared/vault';
import { attemptMark, boundedLines, containEntry } from '../shared/containment-timeline';
import { changeText } from './change-text';
import { planActions } from './plan-actions';
import type { Run } from './run';
import { wasChanged } from './was-changed';

/**
 * Writes down what would be changed, and changes nothing. Where a guard rail would refuse, nothing is read either.
 */
export async function writePlan(run: Run, refusal: string): Promise<string> {
  const { containment, table, runbook } = run;
  const actions = refusal === '' ? await planActions(run) : [];
  const object = await putDraft({
    key: `drafts/${containment.incidentId}/plans/${containment.id}-${containment.attempt}.json`,
    body: canonicalJson({
      containmentId: containment.id,
      target: containment.target,
      refusal,
      actions,
      limits: runbook.facts.limits,
    }),
    contentType: 'application/json',
  });
  const changes = actions.flatMap((action) => action.changes);
  const problems = actions.flatMap(({ title, problem }) => (problem === undefined ? [] : [`${title}: ${problem}`]));
  const subject = `'${runbook.facts.title}' on ${containment.target.kind} ${containment.target.id}`;
  const stays = (await wasChanged(run))
    ? ' by this; what an earlier attempt changed is in place still, and was not read back again'
    : '';
  const text =
    refusal === ''
      ? `Would make ${changes.length} change(s) by ${subject}; nothing was changed${stays}${problems.length > 0 ? `; ${problems.length} action(s) could not be planned` : ''}`
      : `Would be refused: ${subject}: ${refusal}`;
  await appendOnce(table, containment.incidentId, attemptMark(containment, 'planned'), [
    containEntry(containment, 'containment-planned', text, run.by, {
      plan: object.key,
      changes: boundedLines([...changes.map(changeText), ...problems]),
    }),
  ]);
  await changeContainment(table, containment.id, (now) =>
    now?.attempt === containment.attempt && now.status === 'starting'
      ? { ...now, status: 'planned', reason: text }
      : undefined,
  );
  return text;
}
