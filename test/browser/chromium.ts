import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser that is here: `CHROMIUM_PATH`, or where Debian puts it. */
export function findChromium(): string | undefined {
  const asked = process.env['CHROMIUM_PATH'];
  if (asked === undefined || asked === '') return PLACES.find((place) => existsSync(place));
  if (!existsSync(asked)) throw new Error(`CHROMIUM_PATH is '${asked}', and nothing is there; correct or unset it`);
  return asked;
}

export const MISSING = `Chromium is not installed: run 'apt-get install chromium', or set CHROMIUM_PATH; looked at ${PLACES.join(', ')}`;

export async function startChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}
