import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './lock';

/** What is remembered of a detached embedded AWS. */
export interface LocalState {
  /** The process that holds everything else. */
  readonly pid: number;
  readonly endpoint: string;
  readonly startedAt: string;
  readonly servers: readonly { readonly name: string; readonly pid: number; readonly port: number }[];
}

const file = (home: string): string => join(home, 'local.json');

export async function writeState(home: string, state: LocalState): Promise<void> {
  await mkdir(home, { recursive: true });
  const draft = `${file(home)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(state, null, 2)}\n`);
  await rename(draft, file(home)); // Whole or not at all: `local start` waits for it, and reads it at once.
}

/** The state of a living embedded AWS; what a killed one left behind counts as none. */
export async function readState(home: string): Promise<LocalState | undefined> {
  const text = await readFile(file(home), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const state = JSON.parse(text) as LocalState;
  return isAlive(state.pid) ? state : undefined;
}

export async function forgetState(home: string): Promise<void> {
  await rm(file(home), { force: true });
}
