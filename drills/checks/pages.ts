import type { IncidentView } from '../../lambdas/triage/query/show-incident';
import type { Company } from '../company';
import { expectThat } from '../expect';
import type { Expectation } from '../scenario';

/** Two pages, the second after the first's time ran out, none after the acknowledgement; as the phones got them. */
export function expectPages({ phones }: Company, { incident, timeline }: IncidentView): Expectation[] {
  const first = phones.first.pagesOf(incident.id);
  const second = phones.second.pagesOf(incident.id);
  const all = [...first, ...second];
  const told = all.map(({ phone, page }) => `${phone} at ${page.sentAt.slice(11, 23)}`).join(', ') || 'no page came';
  const ranOut = timeline.find(({ kind }) => kind === 'level-unanswered')?.at;
  const secondAt = second[0]?.page.sentAt;
  const acknowledgedAt = incident.acknowledgement?.at;
  const late = all.filter(({ page }) => acknowledgedAt !== undefined && page.sentAt > acknowledgedAt);
  const unmarked = all.filter(({ page }) => page.exercise === undefined);
  return [
    expectThat(
      'every page says that it is an exercise',
      all.length > 0 && unmarked.length === 0,
      unmarked.length > 0 ? `${unmarked.length} do not` : (all[0]?.page.exercise ?? told),
    ),
    expectThat('two pages were sent, one to each level', first.length === 1 && second.length === 1, told),
    expectThat(
      "the second page came after the first level's time ran out",
      ranOut !== undefined && secondAt !== undefined && secondAt >= ranOut,
      `time ran out at ${ranOut?.slice(11, 23) ?? '–'}, page at ${secondAt?.slice(11, 23) ?? '–'}`,
    ),
    expectThat(
      'nobody was paged after the acknowledgement',
      acknowledgedAt !== undefined && late.length === 0,
      acknowledgedAt === undefined
        ? 'it was not acknowledged'
        : `${incident.acknowledgement?.by ?? ''} acknowledged at ${acknowledgedAt.slice(11, 23)}; ${late.length} pages after that`,
    ),
  ];
}
