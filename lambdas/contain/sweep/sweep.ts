import { z } from 'zod';
import { partitionOf } from '../../../lib/model/partition';
import { globalRegion } from '../../detect/detector/entities/arn';
import { appendOnce } from '../../shared/store/append-once';
import { getContainment } from '../../shared/store/containments';
import { claimSweep, sweepClaims } from '../../shared/store/sweeps';
import { incidentTable, type Table } from '../../shared/store/table';
import { requireEnv } from '../../shared/require-env';
import { attemptMark, containEntry } from '../shared/containment-timeline';
import { actorsOf } from './actors';
import { askedAttempt, claimedAttempt, type Attempt } from './attempt';
import { LIMITS, type Limits } from './collect';
import { look, type Look } from './look';
import { who } from './say';
import { sweptIncidents } from './swept-incidents';
import { tellPeople } from './tell-people';
import { trailOf } from './trace';
import { whyOver } from './why-over';

const request = z.looseObject({
  schemaVersion: z.literal(1),
  op: z.enum(['begin', 'look', 'failed']),
  containmentId: z.string().regex(/^con-[0-9a-f]{32}$/),
  execution: z.string().min(1),
  last: z.boolean().default(false),
  /** What the machine was started with. */
  asked: z.looseObject({ incidentId: z.string().min(1).optional(), sequence: z.int().min(1).optional() }).default({}),
});
type Ask = z.infer<typeof request>;

export interface SweepAnswer {
  /** `nothing`: it contained nobody who acts, no plan wants a sweep, or another execution does it. */
  readonly outcome: 'sweep' | 'nothing' | 'looked' | 'stopped' | 'recorded';
  /** Machines of an older version pass it on with each look. */
  readonly attempt?: number;
}

/**
 * Looks for what a contained actor created or changed. Operations: `begin` says whether there is anything to do, `look` is
 * called now and again later, `failed` tells people that they have to do it.
 */
export function sweepHandler(limits: Limits = LIMITS): (event: unknown) => Promise<SweepAnswer> {
  return async (event) => {
    const ask = request.parse(event);
    const table = incidentTable();
    const containment = await getContainment(table, ask.containmentId);
    if (!containment) throw new Error(`containment '${ask.containmentId}' does not exist`);
    const actors = await actorsOf(table, containment);
    const incidents = await sweptIncidents(table, containment);
    if (actors.length === 0 || incidents.length === 0) return { outcome: 'nothing' };
    // EventBridge names executions by chance; which one it was stands in the store.
    const about = { containment, actors, incidents, by: 'sweep' };
    switch (ask.op) {
      case 'begin':
        return { outcome: await begin(table, about, ask), attempt: containment.attempt };
      case 'look': {
        const claims = await sweepClaims(table, containment.id);
        const mine = ofAttempt(about, claimedAttempt(claims, ask.execution) ?? containment);
        const over = whyOver(containment, mine.containment, claims);
        if (over !== undefined) {
          await stopped(table, mine, over);
          return { outcome: 'stopped' };
        }
        await look(table, {
          ...mine,
          last: ask.last,
          regions: sweptRegions(requireEnv('AWS_REGION')),
          deployed: JSON.parse(requireEnv('RUNBOOKS')) as string[],
          limits,
        });
        return { outcome: 'looked' };
      }
      case 'failed': {
        const claimed = claimedAttempt(await sweepClaims(table, containment.id), ask.execution);
        const attempt = claimed ?? (await askedAttempt(table, containment, ask.asked)) ?? containment;
        await failed(table, ofAttempt(about, attempt));
        return { outcome: 'recorded' };
      }
    }
  };
}

type About = Pick<Look, 'containment' | 'actors' | 'incidents' | 'by'>;

/** Under the marks of this attempt it writes: a newer one's sweep has its own. */
function ofAttempt(about: About, { generation, attempt }: Attempt): About {
  return { ...about, containment: { ...about.containment, generation, attempt } };
}

async function begin(table: Table, about: About, { asked, execution }: Ask): Promise<'sweep' | 'nothing'> {
  const attempt = await askedAttempt(table, about.containment, asked);
  if (!attempt) {
    const { incidentId = '', sequence = 0 } = asked;
    throw new Error(
      `record ${sequence} of incident '${incidentId}' does not say that '${about.containment.id}' was read back; nothing is swept on its word`,
    );
  }
  const { containment, actors, incidents, by } = ofAttempt(about, attempt);
  if (whyOver(about.containment, containment, await sweepClaims(table, containment.id)) !== undefined) return 'nothing';
  if (!(await claimSweep(table, containment, execution))) return 'nothing';
  const text = `Looks for what ${who(actors)} created or changed since the first event: now, and again until CloudTrail shows everything, which takes up to 15 minutes`;
  for (const { id } of incidents) {
    await appendOnce(table, id, attemptMark(containment, 'sweep-begin'), [
      containEntry(containment, 'sweep-started', text, by),
    ]);
  }
  return 'sweep';
}

/** Nobody is to take a sweep that ended early for one that saw everything. */
async function stopped(table: Table, { containment, actors, incidents, by }: About, because: string): Promise<void> {
  const text = `The sweep after ${who(actors)} (attempt ${containment.attempt}) was not finished: ${because}`;
  for (const { id } of incidents) {
    const mark = attemptMark(containment, 'sweep-stopped');
    await appendOnce(table, id, mark, [containEntry(containment, 'note', text, by)]);
  }
}

async function failed(table: Table, { containment, actors, incidents, by }: About): Promise<void> {
  const trails = actors.map(trailOf).map(({ key, value }) => `AttributeKey=${key},AttributeValue=${value}`);
  const reason = `The sweep after ${who(actors)} ended with an error: what it created or changed is not known to be listed. Do it by hand: aws cloudtrail lookup-events --lookup-attributes ${trails.join(' and ')}`;
  for (const { id } of incidents) {
    const said = containEntry(containment, 'sweep-failed', reason, by);
    await appendOnce(table, id, attemptMark(containment, 'sweep-end'), [said]);
    await tellPeople(table, containment, id, { mark: attemptMark(containment, 'sweep-problem'), reason, by });
  }
}

/** Where containments are, and where the partition records the calls of IAM. */
function sweptRegions(home: string): string[] {
  return [...new Set([home, globalRegion(partitionOf(home))])];
}
