import type { EvidenceSource } from '../../../lambdas/contain/runbook-host/action';
import { jsonEvidence } from '../../../lambdas/contain/runbook-host/evidence-sources';
import { lookUpTrail } from '../../../lambdas/contain/shared/look-up-trail';
import { evidence as ofUser } from '../../disable-access-key/actions/evidence';
import { userName } from '../../disable-access-key/actions/user';
import { findMakers } from './makers';

/** What `disable-access-key` collects of the administrator, and who had a part in making it. */
export const evidence: readonly EvidenceSource[] = [
  jsonEvidence('makers', 'the alerts of the incident, cloudtrail:LookupEvents by ResourceName', findMakers),
  ...ofUser,
  // Whatever was done to it: by whom it was made, given rights, and given keys.
  jsonEvidence('cloudtrail-about-user', 'cloudtrail:LookupEvents by ResourceName', (context) =>
    lookUpTrail(context, { AttributeKey: 'ResourceName', AttributeValue: userName(context) }),
  ),
];
