import type { Command } from 'commander';
import { verifyMerged, type MergedTimeline } from '../../lambdas/report/all-records';
import { verifyTimeline } from '../../lambdas/report/verify-timeline';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, incidentId, withAws } from '../options';
import { print, safe } from '../print';
import { readIncident } from '../read-incident';
import { anchorsInVault } from '../vault';

export function registerVerify(parent: Command, io: Io): void {
  withAws(
    parent
      .command('verify')
      .description(
        'recompute the timeline and hold it against the heads in the locked vault; exit code 1 where it was changed',
      )
      .argument('<incident>', 'its id', incidentId),
  ).action(async (id: string, options: AwsOptions) => {
    const firebreak = await Firebreak.find(options, io);
    // In this order: a head that is written meanwhile would be of records that were not read.
    const anchors = await anchorsInVault(firebreak, id);
    const { incident, timeline, merged } = await readIncident(firebreak, id);
    const head = { length: incident.timelineLength, hash: incident.timelineHash };
    const verdict = verifyTimeline(id, timeline, anchors, head);
    const others = await Promise.all(merged.map((one) => verified(firebreak, one)));
    const { green, red } = io.colours;
    const document = { incidentId: id, records: timeline.length, anchors: anchors.length, ...verdict, merged: others };
    print(io, options, document, () => [
      (verdict.intact ? green : red)(safe(verdict.text, 1000)),
      ...others.map(({ incidentId: other, intact, text }) =>
        (intact ? green : red)(`${safe(other, 60)}, merged into it: ${safe(text, 1000)}`),
      ),
    ]);
    if (!verdict.intact || others.some(({ intact }) => !intact)) io.exitCode = 1;
  });
}

async function verified(firebreak: Firebreak, merged: MergedTimeline) {
  const { id } = merged.incident;
  const anchors = await anchorsInVault(firebreak, id);
  return {
    incidentId: id,
    records: merged.timeline.length,
    anchors: anchors.length,
    ...verifyMerged(merged, anchors),
  };
}
