import type { ActionContext, EvidenceSource } from '../../../lambdas/contain/runbook-host/action';
import { findBaseline } from '../baseline';
import { readLogging } from '../state/logging';
import { readTampering } from './tampering';

function json(name: string, call: string, read: (context: ActionContext) => Promise<unknown>): EvidenceSource {
  return {
    name,
    async collect(context) {
      return { call, contentType: 'application/json', body: JSON.stringify(await read(context), null, 2) };
    },
  };
}

/**
 * Between which times nothing was seen, by what AWS itself says of each part. `to` is missing where it is still blind,
 * or where nobody knows: then `tampering` has the calls.
 */
async function blindWindows(context: ActionContext) {
  const { trails, recorder } = await readLogging(context);
  const parts = [
    ...trails.here.map(({ arn, status }) => ({ part: arn, call: 'cloudtrail:GetTrailStatus', ...status })),
    ...trails.distant.map(({ arn, status }) => ({ part: arn, call: 'cloudtrail:GetTrailStatus', ...status })),
    { part: 'configuration recorder', call: 'config:DescribeConfigurationRecorderStatus', ...recorder },
  ];
  return parts
    .filter(({ stoppedAt }) => stoppedAt !== null)
    .map(({ part, call, stoppedAt, startedAt }) => {
      const ended = startedAt !== null && stoppedAt !== null && startedAt >= stoppedAt;
      const seconds = ended ? Math.round((Date.parse(startedAt) - Date.parse(stoppedAt)) / 1000) : null;
      return { part, call, from: stoppedAt, to: ended ? startedAt : null, seconds };
    });
}

/** Taken after containment: every second without logs is lost, and what stood before is in the undo records. */
export const evidence: readonly EvidenceSource[] = [
  json('blind-windows', 'cloudtrail:GetTrailStatus, config:DescribeConfigurationRecorderStatus', blindWindows),
  json('logging', 'cloudtrail:DescribeTrails, config:Describe…, guardduty:GetDetector', readLogging),
  json('baseline', 's3:GetObject', findBaseline),
  json('tampering', 'cloudtrail:LookupEvents by EventName', readTampering),
];
