import { Names } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ChannelTarget } from '../model/recipient';
import { recipientId } from './recipient-address';
import type { RecipientScope } from './recipient-scope';

/** A chat's webhook: its URL is a secret as a whole, and is read when a page is sent. */
export class ChatWebhook {
  public readonly label: string;

  constructor(
    private readonly kind: 'slack' | 'teams',
    private readonly webhookUrl: ISecret,
  ) {
    this.label = `${kind === 'slack' ? 'Slack' : 'Teams'} ${webhookUrl.node.id}`;
  }

  public get key(): string {
    return Names.nodeUniqueId(this.webhookUrl.node);
  }

  public bind(scope: RecipientScope): ChannelTarget {
    scope.grantSecret(this.webhookUrl);
    const common = { id: recipientId(this.kind, this.key), label: this.label, urlSecretArn: this.webhookUrl.secretArn };
    return this.kind === 'slack' ? { kind: 'slack', ...common } : { kind: 'teams', ...common };
  }
}
