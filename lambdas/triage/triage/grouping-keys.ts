import type { Alert } from '../../../lib/model/alert';
import { entityKey, isStrong } from '../../../lib/model/entity';
import { textAt } from '../../../lib/model/json';

/** DynamoDB takes 100 items in a transaction; an alert rarely has ten strong entities. */
const MAX_STRONG = 20;

/** By what an alert finds its incident. */
export interface Grouping {
  readonly keys: readonly string[];
  /**
   * Whether they are about somebody or something. Where they are not, alerts join for one window and no longer, whatever comes meanwhile, and a suppression
   * keeps them quiet beside an open incident, too: nothing says that they are a part of it.
   */
  readonly isStrong: boolean;
}

/**
 * Strong entities; else the finding, of which GuardDuty sends each update; else rule, account, Region, log group and what a correlation counted by:
 * one scanner would make an incident and a page of each of its lines, and spend the month's text messages.
 */
export function groupingOf(alert: Alert): Grouping {
  const { entities, source } = alert.unmapped.firebreak;
  const strong = new Set(entities.filter(isStrong).map(entityKey));
  if (strong.size > 0) return { keys: [...strong].slice(0, MAX_STRONG), isStrong: true };
  return { keys: source === 'guardduty' ? findingKey(alert) : [ruleKey(alert)], isStrong: false };
}

/** Two findings that name nobody have nothing in common but their severity, which decides the rule. */
function findingKey({ cloud, evidences }: Alert): string[] {
  const id = textAt(evidences[0]?.data, 'id');
  return id === undefined ? [] : [['finding', cloud.account.uid, cloud.region, id].join('|')];
}

function ruleKey({ cloud, finding_info: { analytic }, unmapped }: Alert): string {
  const { delivery, group = '' } = unmapped.firebreak;
  const [logGroup = ''] = delivery.from.split(':'); // Names of log groups have no colon; a stream stands behind it.
  return ['rule', cloud.account.uid, cloud.region, analytic.uid, logGroup, group].join('|');
}
