import type { Command } from 'commander';
import { Firebreak } from '../ask';
import type { Io } from '../io';
import { type AwsOptions, incidentId, nameOf, sentence, withAws, withBy } from '../options';
import { print } from '../print';

export function registerNote(parent: Command, io: Io): void {
  withAws(
    withBy(
      parent
        .command('note')
        .description('write a note into the timeline')
        .argument('<incident>', 'its id', incidentId)
        .argument('<text>', 'the note', sentence(1000)),
    ),
  ).action(async (id: string, text: string, options: AwsOptions & { readonly by?: string }) => {
    const by = nameOf(options, io);
    const firebreak = await Firebreak.find(options, io);
    const answer = await firebreak.respond({ op: 'note', incidentId: id, by, text });
    print(io, options, answer, () => ['Noted.']);
  });
}
