import { neutralText } from '../../shared/neutral-text';
import type { PageContent } from './content';
import { unlinked } from './unlinked';

export const PAGE_SCHEMA_VERSION = 1;
const MAX_TEXT = 300;
/** Characters; an ARN has at most 2,048. */
const MAX_ID = 2048;

/**
 * A page as machines get it: webhooks, queues and topics, all the same. Fields are only ever added within a version.
 *
 * `title`, `reason`, `news` hold what an attacker may have written: one line, nothing in it is clickable. Ids (`target`,
 * `entities`) are exact but for control characters: escape them where you show them.
 */
export interface WebhookPage {
  readonly schemaVersion: typeof PAGE_SCHEMA_VERSION;
  readonly type: 'page';
  /** The same for a page that had to be sent again: what was seen already can be dropped. */
  readonly pageId: string;
  readonly sentAt: string;
  /** What is rehearsed; absent where it is real. Never out of an event: nothing else in a page says so. */
  readonly exercise?: string;
  readonly incident: {
    readonly id: string;
    readonly severity: string;
    readonly title: string;
    readonly account: string;
    readonly region: string;
    readonly openedAt: string;
  };
  readonly chain: string;
  readonly level: string;
  readonly attempt: number;
  readonly cycle: number;
  readonly round: number;
  readonly containments: readonly {
    readonly runbook: string;
    readonly status: string;
    readonly words: string;
    readonly target: { readonly kind: string; readonly id: string; readonly account: string; readonly region: string };
    readonly reason?: string;
  }[];
  /** What waits for a person's decision; `url` is missing where this recipient is not to decide it. */
  readonly approvals: readonly {
    readonly approvalId: string;
    readonly containmentId: string;
    readonly planHash: string;
    readonly subject: string;
    readonly why: string;
    readonly changes: number;
    readonly until: string;
    readonly url?: string;
    readonly command: string;
  }[];
  readonly news: readonly string[];
  readonly entities: readonly {
    readonly role: string;
    readonly kind: string;
    readonly id: string;
    readonly account: string;
    readonly region: string;
    readonly trust: string;
  }[];
  readonly acknowledge: { readonly url: string; readonly command: string };
}

export function webhookPage(page: PageContent): WebhookPage {
  const says = (text: string) => unlinked(text, MAX_TEXT);
  const exact = (id: string) => neutralText(id, MAX_ID);
  return {
    schemaVersion: PAGE_SCHEMA_VERSION,
    type: 'page',
    pageId: page.pageId,
    sentAt: page.sentAt,
    ...(page.exercise !== undefined && { exercise: says(page.exercise) }),
    incident: {
      id: page.incidentId,
      severity: page.severity,
      title: says(page.title),
      account: exact(page.account),
      region: exact(page.region),
      openedAt: exact(page.openedAt),
    },
    chain: page.chain,
    level: page.level,
    attempt: page.attempt,
    cycle: page.cycle,
    round: page.round,
    containments: page.containments.map(({ runbook, status, words, target, reason }) => ({
      runbook: exact(runbook),
      status,
      words,
      target: {
        kind: target.kind,
        id: exact(target.id),
        account: exact(target.account),
        region: exact(target.region),
      },
      ...(reason !== undefined && { reason: says(reason) }),
    })),
    approvals: page.approvals.map(({ link, subject, why, ...line }) => ({
      ...line,
      subject: says(subject),
      why: says(why),
      ...(link !== undefined && { url: link }),
    })),
    news: page.news.map(says),
    entities: page.entities.map(({ role, kind, id, account, region, trust }) => ({
      role,
      kind,
      id: exact(id),
      account: exact(account),
      region: exact(region),
      trust,
    })),
    acknowledge: { url: page.link, command: page.command },
  };
}
