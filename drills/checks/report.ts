import { anchorsInVault } from '../../cli/vault';
import { unbacked, statementsOf } from '../../lambdas/report/backing';
import { verifyTimeline } from '../../lambdas/report/verify-timeline';
import type { Report } from '../../lambdas/report/writer/report';
import type { IncidentView } from '../../lambdas/triage/query/show-incident';
import { sha256 } from '../../lib/model/ids';
import { expectThat } from '../expect';
import type { DrillWorld, Expectation } from '../scenario';
import { download } from './evidence';

/** Whether the final report can be believed: each statement by its record, each object by its hash, each record by its anchor. */
export async function expectReport(world: DrillWorld, incidentId: string): Promise<Expectation[]> {
  const text = Buffer.from(await download(world, `reports/${incidentId}/report.json`)).toString('utf8');
  const report = JSON.parse(text) as Report;
  const [wrong, believed] = await Promise.all([wrongObjects(world, report), expectTimeline(world, incidentId)]);
  const silent = unbacked(report);
  return [
    expectThat(
      'the report says that it is of an exercise',
      report.exercise !== undefined,
      report.exercise ?? 'it does not',
    ),
    expectThat(
      'every statement of the report is backed by a record of its timeline',
      silent.length === 0,
      silent.join('; ') || `${statementsOf(report).length} statements, ${report.records} records`,
    ),
    expectThat(
      'every object that the report names has the SHA-256 that it says',
      report.evidence.length > 0 && wrong.length === 0,
      wrong.join('; ') || `${report.evidence.length} downloaded and hashed`,
    ),
    believed,
  ];
}

async function wrongObjects(world: DrillWorld, { evidence }: Report): Promise<string[]> {
  const found = await Promise.all(
    evidence.map(async ({ key, versionId, sha256: said }) => {
      const hash = sha256(await download(world, key, versionId));
      return hash === said ? [] : [`${key} is ${hash}, the report says ${said}`];
    }),
  );
  return found.flat();
}

/** What `firebreak incident verify` says, and what it would say had anybody changed one byte of an anchored record. */
async function expectTimeline({ firebreak }: DrillWorld, incidentId: string): Promise<Expectation> {
  const { incident, timeline } = await firebreak.query<IncidentView>({ op: 'show', incidentId });
  const anchors = await anchorsInVault(firebreak, incidentId);
  const head = { length: incident.timelineLength, hash: incident.timelineHash };
  const verdict = verifyTimeline(incidentId, timeline, anchors, head);
  const anchored = verdict.anchoredUpTo?.length ?? 0;
  const unnoticed = timeline.slice(0, anchored).filter((record, place) => {
    const changed = timeline.with(place, { ...record, text: `${record.text}.` });
    return verifyTimeline(incidentId, changed, anchors, head).intact;
  });
  return expectThat(
    'the timeline is intact up to its anchor, and one byte changed in any record before it would be found',
    verdict.intact && anchored > 0 && unnoticed.length === 0,
    unnoticed.length > 0
      ? `a change of record ${unnoticed.map(({ sequence }) => sequence).join(', ')} is not found`
      : verdict.text,
  );
}
