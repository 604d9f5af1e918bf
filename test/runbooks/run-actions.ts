import type { Action, ActionContext, ChangeContext, Runbook } from '../../lambdas/contain/runbook-host/action';
import { settle } from '../../lambdas/contain/runbook-host/patience';
import { AwsClients } from '../../lambdas/shared/aws-clients';
import type { JsonObject } from '../../lib/model/json';
import type { Target } from '../../lib/model/plan';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
const OPTIONS = { reactivateKeys: false };

export function targetOf(kind: Target['kind'], id: string): Target {
  return { kind, id, account: ACCOUNT, region: REGION };
}

/** The undo records of one containment, by action: plain JSON, as they come back from the store. */
export type Undo = ReadonlyMap<string, JsonObject>;

/** Runs the actions of a runbook against the embedded AWS as the host does, without its store, vault and machines. */
export class RunActions {
  readonly context: ChangeContext;

  constructor(
    private readonly runbook: Runbook,
    target: Target,
    parameters: Readonly<Record<string, string>> = {},
  ) {
    const aws = new AwsClients(target.region);
    const context: ActionContext = {
      target,
      containmentId: 'con-0123456789abcdef',
      incidentId: 'inc-test',
      generation: 1,
      startedAt: new Date().toISOString(),
      aws,
      parameters,
      now: () => new Date(),
    };
    this.context = { ...context, change: aws };
  }

  action(id: string): Action {
    const found = this.runbook.actions.find((action) => action.id === id);
    if (!found) throw new Error(`no action '${id}'`);
    return found;
  }

  async read(): Promise<Undo> {
    const undo = new Map<string, JsonObject>();
    for (const action of this.runbook.actions) {
      undo.set(action.id, JSON.parse(JSON.stringify(await action.read(this.context))) as JsonObject);
    }
    return undo;
  }

  /** What would be changed, one line a change. */
  plan(undo: Undo): string[] {
    return this.runbook.actions.flatMap((action) =>
      action
        .changes(beforeOf(undo, action), this.context)
        .map(({ call, resource, from, to }) => `${call} ${resource}: ${from} → ${to}`),
    );
  }

  /** Reads, records, changes and verifies each action in turn, as the host does; what was recorded before counts. */
  async contain(known: Undo = new Map()): Promise<Undo> {
    const undo = new Map(known);
    for (const action of this.runbook.actions) {
      if (!undo.has(action.id)) {
        undo.set(action.id, JSON.parse(JSON.stringify(await action.read(this.context))) as JsonObject);
      }
      await action.contain(beforeOf(undo, action), this.context);
      const reading = await settle(() => action.verify(beforeOf(undo, action), this.context));
      if (!reading.ok) throw new Error(`${action.id}: ${reading.observed}`);
    }
    return undo;
  }

  /** What is not contained; empty where everything is. */
  async missing(undo: Undo): Promise<string[]> {
    const readings = await Promise.all(
      this.runbook.actions.map(async (action) => ({
        id: action.id,
        ...(await action.verify(beforeOf(undo, action), this.context)),
      })),
    );
    return readings.filter(({ ok }) => !ok).map(({ id, observed }) => `${id}: ${observed}`);
  }

  /** Gives back in reverse and reads back; gives the tasks that are left for people. */
  async release(undo: Undo): Promise<string[]> {
    const tasks: string[] = [];
    for (const action of [...this.runbook.actions].reverse()) {
      const before = beforeOf(undo, action);
      tasks.push(...(await action.release(before, this.context, OPTIONS)).tasks);
      const reading = await settle(() => action.verifyReleased(before, this.context, OPTIONS));
      if (!reading.ok) throw new Error(`${action.id}: ${reading.observed}`);
    }
    return tasks;
  }

  /** What each step's session policy would hold, as JSON, by action. */
  policies(undo: Undo, step: 'contain' | 'release'): Map<string, string> {
    return new Map(
      this.runbook.actions.map((action) => [
        action.id,
        JSON.stringify(action.permissions(beforeOf(undo, action), this.context, step)),
      ]),
    );
  }

  /** Collects every piece of evidence: name → text. */
  async evidence(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const source of this.runbook.evidence) {
      const { body } = await source.collect(this.context);
      found.set(source.name, typeof body === 'string' ? body : Buffer.from(body).toString('base64'));
    }
    return found;
  }
}

function beforeOf(undo: Undo, action: Action): JsonObject {
  const before = undo.get(action.id);
  if (!before) throw new Error(`no undo record of '${action.id}'`);
  return before;
}
