import { setTimeout as sleep } from 'node:timers/promises';
import type { Firebreak } from '../cli/ask';
import type { IncidentView } from '../lambdas/triage/query/show-incident';
import type { Incident } from '../lib/model/incident';
import type { TimelineRecord } from '../lib/model/timeline';

const LOOK_EVERY_MS = 200;

/** Finds the open incident about one of these entities. @throws Error where there is none within `ms`. */
export async function findIncident(firebreak: Firebreak, entities: readonly string[], ms: number): Promise<string> {
  const giveUp = Date.now() + ms;
  for (;;) {
    const open = await firebreak.query<Incident[]>({ op: 'list', status: 'open', limit: 100 });
    const found = open.find((incident) => incident.entities.some(({ id }) => entities.includes(id)));
    if (found) return found.id;
    if (Date.now() > giveUp)
      throw new Error(`no incident about ${entities.join(', ')} was opened within ${ms / 1000} seconds`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Follows an incident's timeline through the deployed query function, and tells each new record once. */
export class Watch {
  private seen = 0;

  public constructor(
    private readonly firebreak: Firebreak,
    private readonly incidentId: string,
    private readonly tell: (record: TimelineRecord) => void,
    /** Each look costs the deployed function some twenty reads. */
    private readonly everyMs = LOOK_EVERY_MS,
  ) {}

  /** What is so now. */
  public async look(): Promise<IncidentView> {
    const view = await this.firebreak.query<IncidentView>({ op: 'show', incidentId: this.incidentId });
    for (const record of view.timeline.slice(this.seen)) this.tell(record);
    this.seen = Math.max(this.seen, view.timeline.length);
    return view;
  }

  /** Looks until it is as wanted. @throws Error that says what was waited for, and how it stands. */
  public async until(what: string, wanted: (view: IncidentView) => boolean, ms: number): Promise<IncidentView> {
    const giveUp = Date.now() + ms;
    for (;;) {
      const view = await this.look();
      if (wanted(view)) return view;
      if (Date.now() > giveUp) throw new Error(`${what}: not within ${ms / 1000} seconds; ${standing(view)}`);
      await sleep(this.everyMs);
    }
  }
}

function standing({ containments, timeline }: IncidentView): string {
  const statuses = containments.map(({ containment: { runbook, status, reason } }) =>
    reason === undefined ? `${runbook} is ${status}` : `${runbook} is ${status} (${reason})`,
  );
  return `${statuses.join(', ') || 'no containment'}; last: ${timeline.at(-1)?.text ?? 'nothing'}`;
}
