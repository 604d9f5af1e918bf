import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { download, list } from './checks/evidence';
import type { DrillDocument } from './document';
import type { DrillWorld } from './scenario';

/** The final report is written once the incident is closed. */
const WITHIN_MS = 20_000;

/** Copies an incident's final report out of the vault into a folder of this machine. */
export async function copyReport(
  world: DrillWorld,
  incidentId: string,
  folder: string,
): Promise<DrillDocument['report']> {
  const keys = await finalReport(world, incidentId);
  await mkdir(folder, { recursive: true });
  const copy = async (ending: string): Promise<string | null> => {
    const key = keys.findLast((one) => one.endsWith(ending));
    if (key === undefined) return null;
    const file = join(folder, `report${ending}`);
    await writeFile(file, await download(world, key));
    return file;
  };
  return { html: await copy('.html'), markdown: await copy('.md') };
}

async function finalReport(world: DrillWorld, incidentId: string): Promise<string[]> {
  const giveUp = Date.now() + WITHIN_MS;
  for (;;) {
    const keys = await list(world, `reports/${incidentId}/`);
    const complete = ['.html', '.md'].every((ending) => keys.some((key) => key.endsWith(ending)));
    if (complete || Date.now() > giveUp) return keys.sort();
    await sleep(250);
  }
}
