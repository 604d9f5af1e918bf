import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RuleFile } from '../lib/sigma';
import { readRuleFiles } from '../lib/detect/rule-files';

export const ROOT = resolve(__dirname, '..', '..');
export const CORPUS = resolve(process.env.FIREBREAK_CORPUS ?? join(ROOT, '..', 'shared', 'corpus'));

const MB = 1_000_000;

/** Lines of ordinary traffic, every hundredth one of an attack, until there are so many megabytes. Kept between runs. */
export function trafficFile(megabytes: number): string {
  const folder = join(ROOT, 'dist', 'bench');
  const path = join(folder, `traffic-${megabytes}.jsonl`);
  if (existsSync(path) && statSync(path).size >= megabytes * MB) return path;
  mkdirSync(folder, { recursive: true });
  const noise = lines('cloudtrail-noise.jsonl');
  const attacks = lines('stratus-detonations.jsonl').map((line) =>
    JSON.stringify((JSON.parse(line) as { event: unknown }).event),
  );
  const file = openSync(`${path}.new`, 'w');
  let size = 0;
  for (let i = 0; size < megabytes * MB; i++) {
    const attack = i % 100 === 99 ? attacks[Math.floor(i / 100) % attacks.length] : undefined;
    size += writeSync(file, `${attack ?? noise[i % noise.length] ?? ''}\n`);
  }
  closeSync(file);
  renameSync(`${path}.new`, path);
  return path;
}

function lines(name: string): string[] {
  return readFileSync(join(CORPUS, 'events', name), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Matches 92 % of this traffic by itself. */
export const MISUSE = 'aws_sts_assumerole_misuse.yml';

export const awsRules = (): RuleFile[] => readRuleFiles(join(CORPUS, 'sigma', 'aws'));
export const catalogue = (): RuleFile[] => readRuleFiles(join(ROOT, 'rules'));

/** Rules over event names that nobody calls. */
export function syntheticRules(count: number): RuleFile[] {
  return Array.from({ length: count }, (_, i) => ({
    path: `synthetic-${i}.yml`,
    text: `title: Synthetic ${i}
id: 5e5e5e5e-0000-4000-8000-${String(i).padStart(12, '0')}
logsource:
  product: aws
  service: cloudtrail
detection:
  selection:
    eventSource: synthetic${i % 40}.amazonaws.com
    eventName:
      - SyntheticCreate${i}
      - SyntheticDelete${i}
  condition: selection
level: low
`,
  }));
}
