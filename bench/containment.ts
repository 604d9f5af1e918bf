// npm run bench:containment [-- --runs N] [--runbook ID] [--json]
// From the alert (an incident that is opened with its containment) to applied and to held, on the embedded AWS: the
// deployed machines and functions, each state in its turn. The waits of the watch are left out: they are 60 s on AWS.
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { getContainment } from '../lambdas/shared/store/containments';
import { containmentId } from '../lib/model/ids';
import type { Arranged } from '../test/runbooks/contract';
import { triedRunbooks } from '../test/runbooks/shapes';
import { startFaultsAws, type FaultsAws } from '../test/faults/embedded';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    runbook: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const GIVE_UP_MS = 120_000;
const LOOK_MS = 10;

interface Times {
  readonly applied: number;
  readonly held: number;
}

async function contain(faults: FaultsAws, runbook: string, { target }: Arranged): Promise<Times> {
  const { deployment, table } = faults.stage;
  const respond = [...deployment.functions.values()].find(({ environment }) => 'RELEASE_MACHINES' in environment);
  if (!respond) throw new Error('no deployed function opens incidents');
  const request = { op: 'open', by: 'the bench', title: 'bench', severity: 'SEV3', contain: [{ runbook, target }] };
  const began = Date.now();
  const { FunctionError, Payload } = await new LambdaClient(faults.client).send(
    new InvokeCommand({ FunctionName: respond.arn, Payload: JSON.stringify(request) }),
  );
  if (FunctionError !== undefined)
    throw new Error(`the incident was not opened: ${Payload?.transformToString() ?? ''}`);
  let applied: number | undefined;
  for (;;) {
    const now = await getContainment(table, containmentId(runbook, target));
    const took = Date.now() - began;
    if (now?.verifiedAt !== undefined) applied ??= took;
    if (now?.status === 'held') return { applied: applied ?? took, held: took };
    if (['failed', 'refused', 'planned'].includes(now?.status ?? '') || took > GIVE_UP_MS) {
      throw new Error(`'${runbook}' is '${now?.status ?? 'not begun'}' after ${took} ms: ${now?.reason ?? ''}`);
    }
    await sleep(LOOK_MS);
  }
}

/** Of sorted times, in milliseconds. */
function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(Math.ceil(q * sorted.length) - 1, sorted.length - 1)] ?? NaN;
}

async function main(): Promise<void> {
  const tried = await triedRunbooks(values.runbook);
  const runs = Number(values.runs);
  const faults = await startFaultsAws((text) => process.stderr.write(`${text}\n`), { waitScale: 0 });
  const { table } = faults.stage;
  try {
    for (const { id, shapes } of tried) {
      const times: Times[] = [];
      for (let run = 0; run <= runs; run++) {
        const shape = shapes[run % shapes.length];
        if (!shape) throw new Error(`'${id}' has no shapes`);
        const took = await contain(faults, id, await shape.arrange({ client: faults.client }));
        if (run > 0) times.push(took); // The first one starts the workers.
        const hour = new Date().toISOString().slice(0, 13);
        await table.client.send(
          new DeleteCommand({ TableName: table.name, Key: { pk: `RATE#${id}#${hour}`, sk: 'META' } }),
        );
      }
      const of = (name: keyof Times) => times.map((took) => took[name]).sort((a, b) => a - b);
      const figures = (name: keyof Times) => ({ median: quantile(of(name), 0.5), p95: quantile(of(name), 0.95) });
      const row = { runbook: id, runs, shapes: shapes.length, appliedMs: figures('applied'), heldMs: figures('held') };
      console.log(
        values.json
          ? JSON.stringify(row)
          : `${id}: applied ${row.appliedMs.median} ms (p95 ${row.appliedMs.p95}), held ${row.heldMs.median} ms (p95 ${row.heldMs.p95}), ${runs} runs over ${shapes.length} shapes`,
      );
    }
  } finally {
    await faults.stop();
  }
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
