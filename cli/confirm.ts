import { CommandError, UsageError } from './command-error';
import type { Io } from './io';

/**
 * Asks before anything is changed, unless `--yes` says so already.
 *
 * @throws UsageError where nobody can be asked; CommandError where the answer is no.
 */
export async function confirm(io: Io, options: { readonly yes?: boolean }, what: string): Promise<void> {
  if (options.yes === true) return;
  if (!io.ask) throw new UsageError(`${what} Nobody can be asked here: add --yes where it is meant`);
  const answer = (await io.ask(`${what} Go on? [y/N] `)).trim().toLowerCase();
  if (answer !== 'y' && answer !== 'yes') throw new CommandError('nothing was changed: the answer was not yes');
}
