import type { Alert } from '../../../lib/model/alert';
import { entityKey, isStrong } from '../../../lib/model/entity';

/** DynamoDB takes 100 items in a transaction; an alert rarely has ten strong entities. */
const MAX_STRONG = 20;

/**
 * By what an alert finds its incident: its strong entities. One that names none (a line of an application's log, a flow log) goes by its rule, account, Region
 * and log group: else every such line would be an incident and a page of its own, and one scanner would spend the month's text messages.
 */
export function groupingKeys(alert: Alert): string[] {
  const { entities, delivery } = alert.unmapped.firebreak;
  const strong = new Set(entities.filter(isStrong).map(entityKey));
  if (strong.size > 0) return [...strong].slice(0, MAX_STRONG);
  const { account, region } = alert.cloud;
  const [logGroup = ''] = delivery.from.split(':'); // Names of log groups have no colon; a stream stands behind it.
  return [['rule', account.uid, region, alert.finding_info.analytic.uid, logGroup].join('|')];
}
