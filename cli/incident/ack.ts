import type { Command } from 'commander';
import type { AcknowledgeResult } from '../../lambdas/shared/acknowledge';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, incidentId, nameOf, withAws, withBy } from '../options';
import { print, safe, time } from '../print';

export function registerAck(parent: Command, io: Io): void {
  withAws(
    withBy(
      parent
        .command('ack')
        .description('acknowledge an incident: nobody further is paged; containment goes on')
        .argument('<incident>', 'its id', incidentId),
    ),
  ).action(async (id: string, options: AwsOptions & { readonly by?: string }) => {
    const by = nameOf(options, io);
    const firebreak = await Firebreak.find(options, io);
    const answer = await firebreak.respond<AcknowledgeResult>({ op: 'ack', incidentId: id, by });
    print(
      io,
      options,
      { incidentId: id, outcome: answer.outcome, acknowledgement: answer.incident.acknowledgement },
      () => [told(answer)],
    );
    if (answer.outcome === 'closed') io.exitCode = 1;
  });
}

function told({ outcome, incident }: AcknowledgeResult): string {
  const { acknowledgement: ack } = incident;
  switch (outcome) {
    case 'acknowledged':
      return 'Acknowledged; nobody further is paged.';
    case 'already-acknowledged':
      return ack ? `${safe(ack.by)} acknowledged it already, at ${time(ack.at)}.` : 'It was acknowledged already.';
    case 'closed':
      return 'It is closed: there is nothing to acknowledge.';
  }
}
