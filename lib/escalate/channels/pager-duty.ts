import { Names } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ChannelTarget } from '../../model/recipient';
import { checkHttpsUrl, hostOf } from '../recipient-address';
import type { RecipientScope } from '../recipient-scope';
import type { Channel } from './channel';

const PAGERDUTY_EVENTS = 'https://events.pagerduty.com/v2/enqueue';

/** A pager that takes PagerDuty's Events API v2. */
export class PagerDutyChannel implements Channel {
  public readonly kind = 'pager-duty';
  public readonly label: string;

  constructor(
    private readonly routingKey: ISecret,
    private readonly endpoint = PAGERDUTY_EVENTS,
  ) {
    checkHttpsUrl('Recipient.pagerDuty', endpoint);
    this.label = hostOf('pager', endpoint);
  }

  public get key(): string {
    return `${this.endpoint} ${Names.nodeUniqueId(this.routingKey.node)}`;
  }

  public bind(scope: RecipientScope, id: string): ChannelTarget {
    const { endpoint, routingKey } = this;
    scope.grantSecret(routingKey);
    scope.grantSecretToEnders(routingKey);
    return { kind: this.kind, id, label: this.label, endpoint, routingKeySecretArn: routingKey.secretArn };
  }
}
