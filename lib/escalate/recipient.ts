import { Names, Token } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic, ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ChannelTarget, RecipientTarget } from '../model/recipient';
import { ChatWebhook } from './chat-recipient';
import {
  checkEmail,
  checkHttpsUrl,
  checkPhoneNumber,
  hostOf,
  maskedEmail,
  maskedNumber,
  recipientId,
} from './recipient-address';
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

const PAGERDUTY_EVENTS = 'https://events.pagerduty.com/v2/enqueue';

/** One who is paged: a person's address, or a machine's. */
export abstract class Recipient {
  /**
   * An e-mail address, through an SNS topic of its own. It must confirm the subscription before the first page.
   *
   * @throws Error where it is not an e-mail address.
   */
  public static email(address: string): Recipient {
    return new EmailRecipient(checkEmail(address));
  }

  /**
   * A phone number in E.164 form (`+491701234567`). New accounts are in the SMS sandbox and may send to verified
   * numbers only, for 1 USD a month: `firebreak doctor` looks.
   *
   * @throws Error where it is not a number in E.164 form.
   */
  public static sms(phoneNumber: string): Recipient {
    return new SmsRecipient(checkPhoneNumber(phoneNumber));
  }

  /**
   * A webhook: gets a page as JSON, by POST. Any answer but 2xx is a failure.
   *
   * @throws Error where it is not an https URL.
   */
  public static https(url: string, options: HttpsRecipientOptions = {}): Recipient {
    return new HttpsRecipient(checkHttpsUrl('Recipient.https', url), options);
  }

  /** A queue: gets a page as JSON. */
  public static queue(queue: IQueue): Recipient {
    return new QueueRecipient(queue);
  }

  /** A topic of yours: gets a page as JSON. An encrypted one must let the page Lambda use its key. */
  public static topic(topic: ITopic): Recipient {
    return new TopicRecipient(topic);
  }

  /**
   * A pager that takes PagerDuty's Events API v2.
   *
   * @throws Error where the endpoint is not an https URL.
   */
  public static pagerDuty(options: PagerDutyOptions): Recipient {
    return new PagerDutyRecipient(options);
  }

  /**
   * A channel of Slack, by an incoming webhook.
   */
  public static slack(options: ChatOptions): Recipient {
    return new ChatRecipient('slack', options.webhookUrl);
  }

  /**
   * A channel of Microsoft Teams, by a workflow that begins with "When a Teams webhook request is received".
   */
  public static teams(options: ChatOptions): Recipient {
    return new ChatRecipient('teams', options.webhookUrl);
  }

  /**
   * Somebody with several ways to be reached: they are tried in order, the next only where one did not take the page.
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

  /** @internal */
  protected get _id(): string {
    return recipientId(this._kind, this._key);
  }
}

class EmailRecipient extends Recipient {
  public readonly _kind = 'email';
  public readonly label: string;
  public constructor(private readonly address: string) {
    super();
    this.label = maskedEmail(address);
  }
  public override get _key(): string {
    return Token.isUnresolved(this.address) ? this.address : this.address.toLowerCase();
  }
  public override _bind(scope: RecipientScope): RecipientTarget {
    const topic = scope.topicOf(this._id, this._subscription(scope.deadLetterQueue));
    scope.grantPublish(topic);
    return { kind: this._kind, id: this._id, label: this.label, topicArn: topic.topicArn };
  }
  public override _subscription(deadLetterQueue: IQueue): ITopicSubscription {
    return new EmailSubscription(this.address, { deadLetterQueue });
  }
}

class SmsRecipient extends Recipient {
  public readonly _kind = 'sms';
  public readonly label: string;
  public constructor(private readonly phoneNumber: string) {
    super();
    this.label = maskedNumber(phoneNumber);
  }
  public override get _key(): string {
    return this.phoneNumber;
  }
  public override _bind(scope: RecipientScope): RecipientTarget {
    scope.grantSms();
    return { kind: this._kind, id: this._id, label: this.label, phoneNumber: this.phoneNumber };
  }
  public override _subscription(deadLetterQueue: IQueue): ITopicSubscription {
    const subscription = new SmsSubscription(this.phoneNumber);
    // The CDK leaves out the dead-letter queue of this one kind (2.276.0).
    return { bind: (topic) => ({ ...subscription.bind(topic), deadLetterQueue }) };
  }
}

class HttpsRecipient extends Recipient {
  public readonly _kind = 'https';
  public readonly label: string;
  public constructor(
    private readonly url: string,
    private readonly options: HttpsRecipientOptions,
  ) {
    super();
    this.label = hostOf('webhook', url);
  }
  public override get _key(): string {
    return this.url;
  }
  public override _bind(scope: RecipientScope): RecipientTarget {
    const secret = this.options.signingSecret;
    if (secret) scope.grantSecret(secret);
    const base = { kind: this._kind, id: this._id, label: this.label, url: this.url } as const;
    return secret ? { ...base, signingSecretArn: secret.secretArn } : base;
  }
  public override _subscription(): undefined {
    return undefined;
  }
}

class QueueRecipient extends Recipient {
  public readonly _kind = 'queue';
  public readonly label: string;
  public constructor(private readonly queue: IQueue) {
    super();
    this.label = `queue ${queue.node.id}`;
  }
  public override get _key(): string {
    return Names.nodeUniqueId(this.queue.node);
  }
  public override _bind(scope: RecipientScope): RecipientTarget {
    scope.grantSend(this.queue);
    return { kind: this._kind, id: this._id, label: this.label, queueUrl: this.queue.queueUrl };
  }
  public override _subscription(deadLetterQueue: IQueue): ITopicSubscription {
    return new SqsSubscription(this.queue, { rawMessageDelivery: true, deadLetterQueue });
  }
}

class TopicRecipient extends Recipient {
  public readonly _kind = 'topic';
  public readonly label: string;
  public constructor(private readonly topic: ITopic) {
    super();
    this.label = `topic ${topic.node.id}`;
  }
  public override get _key(): string {
    return Names.nodeUniqueId(this.topic.node);
  }
  public override _bind(scope: RecipientScope): RecipientTarget {
    scope.grantPublish(this.topic);
    return { kind: this._kind, id: this._id, label: this.label, topicArn: this.topic.topicArn };
  }
  public override _subscription(): undefined {
    return undefined;
  }
}

class PagerDutyRecipient extends Recipient {
  public readonly _kind = 'pager-duty';
  public readonly label: string;
  private readonly endpoint: string;
  private readonly routingKey: ISecret;
  public constructor(options: PagerDutyOptions) {
    super();
    this.endpoint = checkHttpsUrl('Recipient.pagerDuty', options.endpoint ?? PAGERDUTY_EVENTS);
    this.routingKey = options.routingKey;
    this.label = hostOf('pager', this.endpoint);
  }
  public override get _key(): string {
    return `${this.endpoint} ${Names.nodeUniqueId(this.routingKey.node)}`;
  }
  public override _bind(scope: RecipientScope): RecipientTarget {
    scope.grantSecret(this.routingKey);
    scope.grantSecretToEnders(this.routingKey);
    const routingKeySecretArn = this.routingKey.secretArn;
    return { kind: this._kind, id: this._id, label: this.label, endpoint: this.endpoint, routingKeySecretArn };
  }
  public override _subscription(): undefined {
    return undefined;
  }
}

class ChatRecipient extends Recipient {
  public readonly _kind: 'slack' | 'teams';
  public readonly label: string;
  private readonly webhook: ChatWebhook;
  public constructor(kind: 'slack' | 'teams', webhookUrl: ISecret) {
    super();
    this._kind = kind;
    this.webhook = new ChatWebhook(kind, webhookUrl);
    this.label = this.webhook.label;
  }
  public override get _key(): string {
    return this.webhook.key;
  }
  public override _bind(scope: RecipientScope): RecipientTarget {
    return this.webhook.bind(scope);
  }
  public override _subscription(): undefined {
    return undefined;
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
