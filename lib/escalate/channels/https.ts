import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ChannelTarget } from '../../model/recipient';
import { checkHttpsUrl, hostOf } from '../recipient-address';
import type { RecipientScope } from '../recipient-scope';
import type { Channel } from './channel';

/** A webhook, which takes pages as JSON. */
export class HttpsChannel implements Channel {
  public readonly kind = 'https';
  public readonly label: string;
  public readonly key: string;

  constructor(
    private readonly url: string,
    private readonly signingSecret?: ISecret,
  ) {
    this.key = checkHttpsUrl('Recipient.https', url);
    this.label = hostOf('webhook', url);
  }

  public bind(scope: RecipientScope, id: string): ChannelTarget {
    const { signingSecret } = this;
    if (signingSecret) scope.grantSecret(signingSecret);
    return {
      ...{ kind: this.kind, id, label: this.label, url: this.url },
      ...(signingSecret && { signingSecretArn: signingSecret.secretArn }),
    };
  }
}
