import { Names } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ChannelTarget } from '../../model/recipient';
import type { RecipientScope } from '../recipient-scope';
import type { Channel } from './channel';

/** A chat's webhook: its URL is a secret as a whole, and is read when a page is sent. */
export class ChatChannel implements Channel {
  public readonly label: string;

  constructor(
    public readonly kind: 'slack' | 'teams',
    private readonly webhookUrl: ISecret,
  ) {
    this.label = `${kind === 'slack' ? 'Slack' : 'Teams'} ${webhookUrl.node.id}`;
  }

  public get key(): string {
    return Names.nodeUniqueId(this.webhookUrl.node);
  }

  public bind(scope: RecipientScope, id: string): ChannelTarget {
    scope.grantSecret(this.webhookUrl);
    return { kind: this.kind, id, label: this.label, urlSecretArn: this.webhookUrl.secretArn };
  }
}
