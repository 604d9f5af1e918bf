import { SEVERITIES } from '../model/severity';
import { UPDATE_EVENTS } from '../model/stakeholder';
import type { IncidentSeverity } from '../triage/response-plan';
import type { Recipient } from './recipient';

/** What a stakeholder can ask to be told about. */
export enum StakeholderEvent {
  /** An incident was opened. */
  OPENED = 'opened',
  /** It turned out to be worse. */
  SEVERITY_RAISED = 'severity-raised',
  /** Somebody has it, took it over, or is not counted on any more. */
  ACKNOWLEDGED = 'acknowledged',
  /** A target was contained, and that was read back. */
  CONTAINED = 'contained',
  /** A containment failed, was refused, declined or undone, or did not hold. */
  NOT_CONTAINED = 'not-contained',
  /** It was closed, with the reason that was given. */
  CLOSED = 'closed',
  /** The final report lies in the vault. */
  REPORT_FINAL = 'report-final',
}

/** Who is told, about what. */
export interface StakeholderProps {
  /** Unique; 1 to 60 letters, digits, spaces and - _ . ' */
  readonly name: string;
  /** An e-mail address, webhook, queue, topic, or channel of Slack or Teams; of a person those of their channels. */
  readonly recipient: Recipient;
  /** At least one. */
  readonly events: StakeholderEvent[];
  /**
   * Only incidents of this severity, and worse ones. One that becomes so later is told from its beginning.
   *
   * @default - incidents of every severity
   */
  readonly severityAtLeast?: IncidentSeverity;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._'-]{0,59}$/u;
/** These ring. */
const PAGERS: readonly string[] = ['sms', 'pager-duty'];

/**
 * Somebody who wants to know how incidents go, and does not respond to them: management, legal, a status channel. Gets
 * plain-language updates in batches; never a page, a link to acknowledge or approve, or anything secret.
 */
export class Stakeholder {
  /** @throws Error where there is no name, nothing to tell, or no way to tell it without a pager. */
  public constructor(public readonly props: StakeholderProps) {
    const { name, events, severityAtLeast } = props;
    if (!NAME.test(name)) {
      throw new Error(`Stakeholder: '${name}' is not a name; use 1 to 60 letters, digits, spaces and - _ . '`);
    }
    const unknown = events.find((event) => !UPDATE_EVENTS.some((known) => known === (event as string)));
    if (unknown !== undefined) {
      throw new Error(`stakeholder '${name}' asks for '${unknown}'; there are: ${UPDATE_EVENTS.join(', ')}`);
    }
    const twice = events.find((event, index) => events.indexOf(event) !== index);
    if (twice !== undefined) throw new Error(`stakeholder '${name}' asks for '${twice}' twice; take one out`);
    if (events.length === 0) {
      throw new Error(`stakeholder '${name}' asks for no event and would hear nothing; name one: ${UPDATE_EVENTS[0]}`);
    }
    if (severityAtLeast !== undefined && !SEVERITIES.some((known) => known === (severityAtLeast as string))) {
      throw new Error(
        `stakeholder '${name}': '${severityAtLeast}' is no severity; there are: ${SEVERITIES.join(', ')}`,
      );
    }
    if (this._channels.length === 0) {
      throw new Error(
        `stakeholder '${name}' can be reached by pagers alone (${props.recipient.label}), and updates are no pages; add an e-mail address, a webhook or a chat`,
      );
    }
  }

  /**
   * Channels that do not ring, in order.
   *
   * @internal
   */
  public get _channels(): readonly Recipient[] {
    return this.props.recipient._channels.filter(({ _kind }) => !PAGERS.includes(_kind));
  }
}
