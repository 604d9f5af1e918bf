import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic, ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ChannelTarget, RecipientTarget } from '../model/recipient';
import type { Channel } from './channels/channel';
import { ChatChannel } from './channels/chat';
import { EmailChannel } from './channels/email';
import { HttpsChannel } from './channels/https';
import { PagerDutyChannel } from './channels/pager-duty';
import { QueueChannel } from './channels/queue';
import { SmsChannel } from './channels/sms';
import { TopicChannel } from './channels/topic';
import { recipientId } from './recipient-address';
import type { RecipientScope } from './recipient-scope';

/** How a webhook is told that a page is ours. */
export interface HttpsRecipientOptions {
  /**
   * Signs each page: header `firebreak-signature`, HMAC-SHA256 over timestamp and body with this secret's text.
   *
   * @default - pages are not signed; anybody who knows the URL can send one
   */
  readonly signingSecret?: ISecret;
}

/** A service of PagerDuty, or of a pager that takes its Events API v2. */
export interface PagerDutyOptions {
  /** Holds the integration key (32 characters) as its whole text. Read when a page is sent. */
  readonly routingKey: ISecret;
  /**
   * Where events are sent; an https URL.
   *
   * @default - https://events.pagerduty.com/v2/enqueue; for the EU service region name https://events.eu.pagerduty.com/v2/enqueue
   */
  readonly endpoint?: string;
}

/** A channel of a chat program. */
export interface ChatOptions {
  /** Holds the webhook's URL as its whole text; whoever knows it can write there. Read when a page is sent. */
  readonly webhookUrl: ISecret;
}

/** One who is paged: a person's address, or a machine's. */
export abstract class Recipient {
  /**
   * An e-mail address, through an SNS topic of its own. It must confirm the subscription before the first page.
   *
   * @throws Error where it is not an e-mail address.
   */
  public static email(address: string): Recipient {
    return new ChannelRecipient(new EmailChannel(address));
  }

  /**
   * A phone number in E.164 form (`+491701234567`). New accounts are in the SMS sandbox and may send to verified
   * numbers only, for 1 USD a month; numbers in the United States get nothing without an origination number: `firebreak
   * doctor` looks.
   *
   * @throws Error where it is not a number in E.164 form.
   */
  public static sms(phoneNumber: string): Recipient {
    return new ChannelRecipient(new SmsChannel(phoneNumber));
  }

  /**
   * A webhook: gets a page as JSON, by POST. Any answer but 2xx is a failure.
   *
   * @throws Error where it is not an https URL.
   */
  public static https(url: string, options: HttpsRecipientOptions = {}): Recipient {
    return new ChannelRecipient(new HttpsChannel(url, options.signingSecret));
  }

  /** A queue: gets a page as JSON. */
  public static queue(queue: IQueue): Recipient {
    return new ChannelRecipient(new QueueChannel(queue));
  }

  /** A topic of yours: gets a page as JSON. An encrypted one must let the page Lambda use its key. */
  public static topic(topic: ITopic): Recipient {
    return new ChannelRecipient(new TopicChannel(topic));
  }

  /**
   * A pager that takes PagerDuty's Events API v2.
   *
   * @throws Error where the endpoint is not an https URL.
   */
  public static pagerDuty(options: PagerDutyOptions): Recipient {
    return new ChannelRecipient(new PagerDutyChannel(options.routingKey, options.endpoint));
  }

  /**
   * A channel of Slack, by an incoming webhook.
   */
  public static slack(options: ChatOptions): Recipient {
    return new ChannelRecipient(new ChatChannel('slack', options.webhookUrl));
  }

  /**
   * A channel of Microsoft Teams, by a workflow that begins with "When a Teams webhook request is received".
   */
  public static teams(options: ChatOptions): Recipient {
    return new ChannelRecipient(new ChatChannel('teams', options.webhookUrl));
  }

  /**
   * Somebody with several ways to be reached: they are tried in order, the next only where one did not take the page. A page that
   * nobody answered is sent again by all of them.
   *
   * @throws Error where there is no name or no channel, or a channel is a person.
   */
  public static person(name: string, channels: Recipient[]): Recipient {
    return new PersonRecipient(name, channels);
  }

  /** Says who, without the address: for messages and timelines. */
  public abstract readonly label: string;

  /** @internal */
  public abstract readonly _kind: RecipientTarget['kind'];

  /**
   * Tells recipients apart; the same for the same address.
   * @internal
   */
  public abstract get _key(): string;

  /**
   * Creates what pages need, and grants it to who sends them.
   * @internal
   */
  public abstract _bind(scope: RecipientScope): RecipientTarget;

  /**
   * Subscribes to a topic; undefined where SNS cannot reach this recipient by itself.
   * @internal
   */
  public abstract _subscription(deadLetterQueue: IQueue): ITopicSubscription | undefined;

  /**
   * Every way to reach this recipient: alarms, of which nobody answers, take them all.
   * @internal
   */
  public get _channels(): readonly Recipient[] {
    return [this];
  }

  /**
   * Part of page ids: the same for the same address.
   * @internal
   */
  public get _id(): string {
    return recipientId(this._kind, this._key);
  }
}

/** Somebody who is reached in one way. */
class ChannelRecipient extends Recipient {
  public readonly label: string;
  public readonly _kind: ChannelTarget['kind'];

  constructor(private readonly channel: Channel) {
    super();
    this.label = channel.label;
    this._kind = channel.kind;
  }

  public override get _key(): string {
    return this.channel.key;
  }

  public override _bind(scope: RecipientScope): RecipientTarget {
    return this.channel.bind(scope, this._id);
  }

  public override _subscription(deadLetterQueue: IQueue): ITopicSubscription | undefined {
    return this.channel.subscription?.(deadLetterQueue);
  }
}

const PERSON = /^[\p{L}\p{N}][\p{L}\p{N} ._'-]{0,59}$/u;

class PersonRecipient extends Recipient {
  public readonly _kind = 'person';
  public constructor(
    public readonly label: string,
    private readonly channels: readonly Recipient[],
  ) {
    super();
    if (!PERSON.test(label)) {
      throw new Error(`Recipient.person: '${label}' is not a name; use 1 to 60 letters, digits, spaces and - _ . '`);
    }
    if (channels.length === 0) {
      throw new Error(`Recipient.person: '${label}' has no channel; add one, e.g. Recipient.sms('+491701234567')`);
    }
    if (channels.some(({ _kind }) => _kind === 'person')) {
      throw new Error(`Recipient.person: a channel of '${label}' is a person; name addresses`);
    }
  }
  public override get _key(): string {
    return this.label.toLowerCase();
  }
  public override get _channels(): readonly Recipient[] {
    return this.channels;
  }
  public override _bind(scope: RecipientScope): RecipientTarget {
    const channels = this.channels.map((channel) => channel._bind(scope)) as ChannelTarget[];
    return { kind: this._kind, id: this._id, label: this.label, channels };
  }
  public override _subscription(): undefined {
    return undefined;
  }
}
