import { markExercise } from '../../../lib/model/exercise';
import type { Severity } from '../../../lib/model/severity';
import type { PageContent } from './content';
import { unlinked } from './unlinked';

/** Characters of `payload.summary`; and bytes of a whole event (PagerDuty, Events API v2). */
export const MAX_SUMMARY = 1024;
export const MAX_EVENT_BYTES = 512 * 1024;
const MAX_TEXT = 300;

/** An event of PagerDuty's Events API v2, but for its `routing_key`, which is added when it is sent. */
export type PagerDutyEvent =
  | {
      readonly event_action: 'trigger';
      readonly dedup_key: string;
      readonly payload: {
        readonly summary: string;
        readonly source: string;
        readonly severity: 'critical' | 'error' | 'warning' | 'info';
        readonly timestamp: string;
        readonly component: string;
        readonly class: string;
        readonly custom_details: Readonly<Record<string, string | number | readonly string[]>>;
      };
      readonly client: 'Firebreak';
      readonly links: readonly { readonly href: string; readonly text: string }[];
    }
  | { readonly event_action: 'acknowledge' | 'resolve'; readonly dedup_key: string };

const SEVERITY: Readonly<Record<Severity, 'critical' | 'error' | 'warning' | 'info'>> = {
  SEV1: 'critical',
  SEV2: 'error',
  SEV3: 'warning',
  SEV4: 'info',
};

export function pagerDutyPage(page: PageContent): PagerDutyEvent {
  const says = (text: string) => unlinked(text, MAX_TEXT);
  return {
    event_action: 'trigger',
    dedup_key: dedupKey(page),
    payload: {
      summary: markExercise(`${page.severity}: ${says(page.title)} (${page.incidentId})`, page.exercise).slice(
        0,
        MAX_SUMMARY,
      ),
      source: `aws ${says(page.account)}/${says(page.region)}`,
      severity: SEVERITY[page.severity],
      timestamp: page.sentAt,
      component: 'firebreak',
      class: 'security incident',
      custom_details: {
        ...(page.exercise !== undefined && { exercise: says(page.exercise) }),
        incident: page.incidentId,
        opened: page.openedAt,
        level: `${page.level} of ${page.chain}`,
        attempt: page.attempt,
        round: page.round,
        containments: page.containments.map(
          ({ words, runbook, target, reason }) =>
            `${words}: ${says(runbook)} on ${target.kind} ${says(target.id)}${reason === undefined ? '' : ` (${says(reason)})`}`,
        ),
        approvals: page.approvals.map(
          ({ subject, until, changes }) => `APPROVE OR DECLINE until ${until}: ${says(subject)}, ${changes} change(s)`,
        ),
        news: page.news.map(says),
        entities: page.entities.map(({ role, kind, id }) => `${role}: ${kind} ${says(id)}`),
        acknowledge: page.command,
        page: page.pageId,
      },
    },
    client: 'Firebreak',
    links: [
      ...page.approvals.flatMap(({ link, subject }) =>
        link === undefined ? [] : [{ href: link, text: `Approve or decline: ${says(subject)}` }],
      ),
      { href: page.link, text: 'Acknowledge in Firebreak' },
    ],
  };
}

export function answeredEvent(
  ask: { readonly incidentId: string; readonly attempt: number },
  action: 'acknowledge' | 'resolve',
): PagerDutyEvent {
  return { event_action: action, dedup_key: dedupKey(ask) };
}

/**
 * The incident's id. A further attempt pages people about news, after an acknowledgement was voided: under the same
 * key the pager would file it silently with what was acknowledged already.
 */
function dedupKey(ask: { readonly incidentId: string; readonly attempt: number }): string {
  return ask.attempt === 1 ? ask.incidentId : `${ask.incidentId}/${ask.attempt}`;
}
