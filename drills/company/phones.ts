import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebhookPage } from '../../lambdas/escalate/page/webhook';
import { isJsonObject, textAt, type Json } from '../../lib/model/json';
import type { DrillApi } from '../clients';

/** A page as it came, and when. */
export interface ReceivedPage {
  readonly phone: string;
  readonly page: WebhookPage;
}

/** A queue that stands for somebody's phone. What it got is kept, and taken out of the queue. */
export class Phone {
  public readonly pages: ReceivedPage[] = [];
  /** Messages that are no pages: alarms of Firebreak itself. */
  public readonly alarms: string[] = [];

  private constructor(
    private readonly api: DrillApi,
    public readonly name: string,
    private readonly url: string,
  ) {}

  public static async create(api: DrillApi, name: string): Promise<Phone> {
    const { QueueUrl } = await api.queues.send(new CreateQueueCommand({ QueueName: name }));
    return new Phone(api, name, QueueUrl ?? '');
  }

  /** Takes what has come since. */
  public async look(): Promise<void> {
    const { Messages = [] } = await this.api.queues.send(
      new ReceiveMessageCommand({ QueueUrl: this.url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return;
    for (const { Body = '' } of Messages) {
      const message = parsed(Body);
      if (isJsonObject(message) && textAt(message, 'type') === 'page') {
        this.pages.push({ phone: this.name, page: message as unknown as WebhookPage });
      } else this.alarms.push(Body);
    }
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await this.api.queues.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }));
  }

  public pagesOf(incidentId: string): ReceivedPage[] {
    return this.pages.filter(({ page }) => page.incident.id === incidentId);
  }

  /** Waits until it rings for an incident, with a page as wanted. @throws Error where it does not within `ms`. */
  public async rings(
    incidentId: string,
    ms: number,
    wanted: (page: WebhookPage) => boolean = () => true,
  ): Promise<ReceivedPage> {
    const giveUp = Date.now() + ms;
    for (;;) {
      await this.look();
      const page = this.pagesOf(incidentId).find((one) => wanted(one.page));
      if (page) return page;
      if (Date.now() > giveUp)
        throw new Error(`${this.name} was not paged for ${incidentId} within ${ms / 1000} seconds`);
      await sleep(100);
    }
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null; // Kept as an alarm, which need not be JSON.
  }
}
