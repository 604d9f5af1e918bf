import type { ChannelTarget, LevelSnapshot, RecipientTarget } from '../../../lib/model/recipient';
import { isJsonObject } from '../../../lib/model/json';
import { assertNever } from '../../../lib/model/assert-never';
import { endCanary } from '../../shared/store/canaries';
import type { Table } from '../../shared/store/table';
import { readSecret } from '../send/secrets';
import type { PageContent } from './content';
import { messageOf } from './message-of';
import { onCall } from './on-call';

/** What the state machine asks of the page Lambda for a canary. */
export interface RehearsalRequest {
  readonly canary: string;
  readonly chain: string;
  readonly levels: readonly LevelSnapshot[];
}

/** How many channels would have been paged. */
export interface Rehearsed {
  readonly schemaVersion: 1;
  readonly rehearsed: number;
}

/** A canary's payload, or undefined for a page. */
export function rehearsalRequest(event: unknown): RehearsalRequest | undefined {
  return isJsonObject(event) && typeof event['canary'] === 'string'
    ? (event as unknown as RehearsalRequest)
    : undefined;
}

/**
 * Pages nobody: finds out whose turn it is at each level, reads the secrets of their channels and writes the message in the form
 * of every medium. Then says in the store that the canary came to the end of the chain.
 *
 * @throws Error with the level where nobody is to be paged, or the error of Secrets Manager or the store.
 */
export async function rehearse(table: Table, ask: RehearsalRequest, url: string, now: Date): Promise<Rehearsed> {
  const channels = ask.levels.flatMap((level) => {
    const found = channelsNow(level, now);
    if (found.length === 0) throw new Error(`level '${level.name}' of chain '${ask.chain}' has nobody to page`);
    return found.map((channel) => ({ level: level.name, channel }));
  });
  for (const { level, channel } of channels) {
    for (const secret of secretsOf(channel)) await readSecret(secret, now.getTime());
    messageOf(content(ask, level, url, now));
  }
  await endCanary(table, ask.canary, now);
  return { schemaVersion: 1, rehearsed: channels.length };
}

function channelsNow({ recipients, rotation }: LevelSnapshot, now: Date): ChannelTarget[] {
  const turn = rotation && onCall(rotation, now);
  return [...recipients, ...(turn ? [turn] : [])].flatMap(channelsOf);
}

function channelsOf(recipient: RecipientTarget): readonly ChannelTarget[] {
  return recipient.kind === 'person' ? recipient.channels : [recipient];
}

function secretsOf(channel: ChannelTarget): readonly string[] {
  switch (channel.kind) {
    case 'https':
      return channel.signingSecretArn === undefined ? [] : [channel.signingSecretArn];
    case 'pager-duty':
      return [channel.routingKeySecretArn];
    case 'slack':
    case 'teams':
      return [channel.urlSecretArn];
    case 'email':
    case 'sms':
    case 'queue':
    case 'topic':
      return [];
    default:
      return assertNever(channel);
  }
}

function content({ canary, chain }: RehearsalRequest, level: string, url: string, now: Date): PageContent {
  const at = now.toISOString();
  return {
    pageId: `pag-${canary.slice(0, 32)}`,
    incidentId: `canary-${canary.slice(0, 20)}`,
    severity: 'SEV4',
    title: 'Canary: nobody is paged',
    account: '',
    region: '',
    openedAt: at,
    chain,
    level,
    attempt: 1,
    cycle: 1,
    round: 1,
    containments: [],
    news: [],
    approvals: [],
    entities: [],
    link: `${url}/a/canary`,
    command: 'firebreak doctor',
    sentAt: at,
  };
}
