import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { decode } from '../lambdas/detect/detector/decode';
import { compileRules, emitProgram } from '../lib/sigma';
import { IndexedMatcher } from '../lib/sigma/match/indexed-matcher';
import { awsRules, catalogue, MISUSE, ROOT, trafficFile } from './data';
import { atMost, cpuSeconds, interleaved, median, timesAsLong, type Result } from './measure';

const GROUP = 'trail';
const LINES = 200;
const LOG_SOURCES = [{ logGroup: GROUP, source: 'cloudtrail' as const }];
const STARTS = 11;

interface Delivery {
  readonly awslogs: { readonly data: string };
}

/** The detector as it is deployed: how large, how soon ready, and how much it adds to unpacking and parsing. */
export function benchDetector(rounds: number): Result[] {
  const files = [...awsRules(), ...catalogue()].filter((file) => !file.path.endsWith(MISUSE));
  const { program } = compileRules(files);
  const folder = join(ROOT, 'dist', 'bench', 'detector');
  mkdirSync(folder, { recursive: true });
  const own = bundle('handler', join(folder, 'index.js'));
  const clients = bundle('clients', join(folder, 'clients.js'));
  writeFileSync(join(folder, 'program.js'), emitProgram(program));
  const deliveries = makeDeliveries();
  writeFileSync(join(folder, 'delivery.json'), JSON.stringify(harmless()));
  const starts = Array.from({ length: STARTS }, () => start(folder));
  const matcher = new IndexedMatcher(program);
  const runs = interleaved(
    {
      parse: () => ({ seconds: cpuSeconds(() => deliveries.forEach(parseOnly)) }),
      whole: () => ({ seconds: cpuSeconds(() => deliveries.forEach((one) => matchAll(one, matcher))) }),
    },
    rounds,
  );
  return [
    atMost(
      'detector: module load to first decision',
      Math.min(...starts),
      'ms',
      60,
      `the fastest of ${STARTS} processes, the median ${median(starts)} ms`,
    ),
    atMost(
      'detector: bundle without SDK clients',
      own / 1000,
      'KB',
      250,
      `with them ${Math.round((own + clients) / 1000)} KB`,
    ),
    atMost(
      'detector: base64, gunzip, envelope, match: time',
      timesAsLong(runs.whole, runs.parse),
      'times',
      1.15,
      `${deliveries.length} deliveries of ${LINES} lines; against the same with JSON.parse of each message`,
    ),
  ];
}

function bundle(name: string, outfile: string): number {
  const { metafile } = buildSync({
    entryPoints: [join(ROOT, `lambdas/detect/detector/${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    keepNames: true,
    metafile: true,
    external: ['./program', './settings', './clients'],
  });
  return Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
}

const START = `
const began = performance.now();
const { handler } = require('./index.js');
handler(require('./delivery.json')).then(() => console.log(performance.now() - began));`;

/** Milliseconds, in a process of its own. */
function start(folder: string): number {
  const env = {
    ...process.env,
    ALERT_QUEUE_URL: 'https://sqs.invalid/alerts',
    REJECTED_QUEUE_URL: 'https://sqs.invalid/rejected',
    HOME_ACCOUNT: '111122223333',
    AWS_REGION: 'eu-central-1',
    LOG_SOURCES: JSON.stringify(LOG_SOURCES),
  };
  return Math.round(Number(execFileSync(process.execPath, ['-e', START], { cwd: folder, env, encoding: 'utf8' })));
}

const packed = (messages: readonly string[]): Delivery => {
  const logEvents = messages.map((message, i) => ({ id: String(i), timestamp: 1_700_000_000_000 + i, message }));
  const batch = { messageType: 'DATA_MESSAGE', owner: '111122223333', logGroup: GROUP, logStream: 's', logEvents };
  return { awslogs: { data: gzipSync(JSON.stringify(batch)).toString('base64') } };
};

function makeDeliveries(): Delivery[] {
  const lines = readFileSync(trafficFile(20), 'utf8').trimEnd().split('\n');
  return Array.from({ length: Math.floor(lines.length / LINES) }, (_, i) =>
    packed(lines.slice(i * LINES, (i + 1) * LINES)),
  );
}

/** What nothing matches: what a decision costs before anything is to be sent. */
const harmless = (): Delivery => packed([JSON.stringify({ eventName: 'ListThings', eventID: '1' })]);

function parseOnly({ awslogs }: Delivery): void {
  const batch = JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString('utf8')) as {
    logEvents: { message: string }[];
  };
  for (const { message } of batch.logEvents) JSON.parse(message);
}

/** To the matches: what is made of them concerns one line in a hundred. */
function matchAll(delivery: Delivery, matcher: IndexedMatcher): void {
  const decoded = decode(delivery, { receivedAt: new Date(), region: 'eu-central-1', logSources: LOG_SOURCES });
  for (const one of decoded) {
    if (one.kind === 'rejected') throw new Error(`the detector could not read its own delivery: ${one.reason}`);
    matcher.match(one.event.record, one.logsource);
  }
}
