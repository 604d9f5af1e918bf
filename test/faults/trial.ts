import { BatchWriteCommand, DeleteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { createIncident, getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { changeContainment, getContainment, getUndo } from '../../lambdas/shared/store/containments';
import type { Table } from '../../lambdas/shared/store/table';
import { lockResource } from '../../lambdas/contain/shared/target-lock';
import type { ActionContext } from '../../lambdas/contain/runbook-host/action';
import { AwsClients } from '../../lambdas/shared/aws-clients';
import type { Machine } from '../../lib/contain/machines/asl';
import type { Containment, UndoRecord } from '../../lib/model/containment';
import { containmentId, executionName, newIncidentId } from '../../lib/model/ids';
import type { Incident } from '../../lib/model/incident';
import type { TimelineRecord } from '../../lib/model/timeline';
import type { ProxyControl } from '../../local/proxy/control';
import type { Fault } from '../../local/proxy/fault';
import { runMachine } from '../contain/machine-runner';
import type { Arranged } from '../runbooks/contract';
import type { Tried } from '../runbooks/shapes';
import type { DeployedRunbook, Deployment } from './deployment';
import type { Lane } from './lane';

export type Phase = 'contain' | 'release';

/** What the matrix works with: one deployment, one store, one proxy. */
export interface Stage {
  readonly deployment: Deployment;
  readonly table: Table;
  readonly proxy: ProxyControl;
}

/** Where a fault strikes: the first time that the machine is in this state. */
export interface Injection {
  readonly state: string;
  readonly fault: Omit<Fault, 'match'> & { readonly match: Fault['match'] };
}

/** One execution as it went. */
export interface Went {
  readonly end: 'succeeded' | 'failed';
  /** The tasks in order, with the label that stands in the name of each caller. */
  readonly tasks: readonly {
    readonly state: string;
    readonly label: string;
    readonly payload: unknown;
    readonly function: string;
  }[];
  /** How often the fault struck; undefined where none was asked for. */
  readonly struck?: number;
}

let trials = 0;

/** One target, one incident that holds it, and the executions of its containment. */
export class Trial {
  readonly #label = `.${process.pid.toString(36)}-${(++trials).toString(36)}`;
  #runs = 0;
  readonly id: string;

  private constructor(
    readonly tried: Tried,
    readonly arranged: Arranged,
    /** As it was before anything happened. */
    readonly before: unknown,
    readonly incidentId: string,
    private readonly stage: Stage,
    private readonly lane: Lane,
  ) {
    this.id = containmentId(tried.id, arranged.target);
  }

  static async begin(stage: Stage, lane: Lane, tried: Tried, arranged: Arranged): Promise<Trial> {
    const before = await arranged.stateOf();
    return new Trial(tried, arranged, before, await openIncident(stage.table), stage, lane);
  }

  /** Holds the containment, as triage does, and runs its next attempt to its end. */
  async contain(injection?: Injection): Promise<Went> {
    const { attempt } = await hold(this.stage.table, this);
    const input = { schemaVersion: 1, containmentId: this.id, attempt };
    return this.#run('contain', this.#machines().contain, executionName(this.id, attempt), input, injection);
  }

  async release(injection?: Injection): Promise<Went> {
    const input = {
      schemaVersion: 1,
      containmentId: this.id,
      incidentId: this.incidentId,
      by: 'Ada',
      reason: 'a drill',
      force: false,
      reactivateKeys: true,
    };
    return this.#run(
      'release',
      this.#machines().release,
      `release-${this.#label.slice(1)}-${this.#runs}`,
      input,
      injection,
    );
  }

  async containment(): Promise<Containment> {
    const found = await getContainment(this.stage.table, this.id);
    if (!found) throw new Error(`containment '${this.id}' is not in the store`);
    return found;
  }

  async incident(): Promise<Incident> {
    const found = await getIncident(this.stage.table, this.incidentId);
    if (!found) throw new Error(`incident '${this.incidentId}' is not in the store`);
    return found;
  }

  timeline(): Promise<TimelineRecord[]> {
    return readTimeline(this.stage.table, this.incidentId);
  }

  async undo(action: string, generation: number): Promise<UndoRecord | undefined> {
    return getUndo(this.stage.table, this.id, generation, action);
  }

  /** For readings of the matrix's own, which no fault strikes. */
  async context(): Promise<ActionContext> {
    const { target, generation, startedAt } = await this.containment();
    const { RUNBOOK_PARAMETERS = '{}' } = this.#environment();
    return {
      target,
      generation,
      startedAt,
      containmentId: this.id,
      incidentId: this.incidentId,
      aws: new AwsClients(target.region),
      parameters: JSON.parse(RUNBOOK_PARAMETERS) as Record<string, string>,
      now: () => new Date(),
    };
  }

  /** Forgets what the trial wrote, so that thousands do not slow each other. */
  async clear(): Promise<void> {
    const { client, name: TableName } = this.stage.table;
    for (const pk of [
      `INCIDENT#${this.incidentId}`,
      `CONTAINMENT#${this.id}`,
      `LOCK#${lockResource(this.arranged.target)}`,
    ]) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ProjectionExpression: 'pk, sk',
        }),
      );
      for (let from = 0; from < Items.length; from += 25) {
        const some = Items.slice(from, from + 25).map((Key) => ({ DeleteRequest: { Key } }));
        await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: some } }));
      }
    }
    // Or the blast radius would end the matrix after some cells.
    const hour = new Date().toISOString().slice(0, 13);
    await client.send(new DeleteCommand({ TableName, Key: { pk: `RATE#${this.tried.id}#${hour}`, sk: 'META' } }));
  }

  async #run(phase: Phase, machine: Machine, name: string, input: object, injection?: Injection): Promise<Went> {
    const run = `${this.#label}.${++this.#runs}`;
    const execution = `arn:aws:states:us-east-1:000000000000:execution:${phase}:${name}`;
    const tasks: { state: string; label: string; payload: unknown; function: string }[] = [];
    let state = '';
    let id: string | undefined;
    let count = 0;
    const handlers = Object.fromEntries(
      [...this.stage.deployment.functions].map(([arn, fn]) => [
        arn,
        async (payload: unknown) => {
          const label = `${run}.${count}.`;
          if (tasks.at(-1)?.label !== label) tasks.push({ state, label, payload, function: arn });
          return this.lane.invoke(fn, label, payload);
        },
      ]),
    );
    const ran = await runMachine(machine, handlers, input, {
      execution,
      onState: async (next) => {
        state = next;
        count++;
        if (id !== undefined || injection?.state !== next) return;
        const match = { ...injection.fault.match, source: `${run}.${count}.` };
        id = await this.stage.proxy.inject({ ...injection.fault, match });
      },
    });
    const struck =
      id === undefined ? 0 : ((await this.stage.proxy.faults()).find((fault) => fault.id === id)?.struck ?? 0);
    if (id !== undefined) await this.stage.proxy.remove(id);
    if (ran.end === 'failed') await this.#hearOf(execution, input);
    return { end: ran.end === 'succeeded' ? 'succeeded' : 'failed', tasks, ...(injection && { struck }) };
  }

  /** As EventBridge tells the auditor of an execution that failed. */
  async #hearOf(executionArn: string, input: object): Promise<void> {
    await this.lane.invoke(this.stage.deployment.auditor, `${this.#label}.auditor.`, {
      'detail-type': 'Step Functions Execution Status Change',
      detail: { status: 'FAILED', executionArn, input: JSON.stringify(input) },
    });
  }

  #machines(): DeployedRunbook {
    const found = this.stage.deployment.runbooks.get(this.tried.id);
    if (!found) throw new Error(`runbook '${this.tried.id}' is not deployed`);
    return found;
  }

  #environment(): Readonly<Record<string, string>> {
    const functions = Object.values(this.#machines().contain.States).map((state) => {
      const parameters = state['Parameters'] as { FunctionName?: string } | undefined;
      return this.stage.deployment.functions.get(parameters?.FunctionName ?? '');
    });
    return functions.find((fn) => fn?.environment['RUNBOOK_PARAMETERS'] !== undefined)?.environment ?? {};
  }
}

async function openIncident(table: Table): Promise<string> {
  const now = new Date();
  const at = now.toISOString();
  const { id } = await createIncident(
    table,
    {
      schemaVersion: 1,
      id: newIncidentId(now),
      status: 'open',
      title: 'A fault',
      severity: 'SEV2',
      account: '000000000000',
      region: 'us-east-1',
      openedAt: at,
      firstEventAt: at,
      lastAlertAt: at,
      alertCount: 1,
      rules: [],
      entities: [],
      chain: 'on-call',
      handOvers: {},
    },
    [{ stage: 'triage', kind: 'incident-opened', text: 'A fault', by: 'the fault matrix' }],
    [],
    now,
  );
  return id;
}

async function hold(table: Table, { id, tried, arranged, incidentId }: Trial): Promise<Containment> {
  const held = await changeContainment(table, id, (before) => ({
    schemaVersion: 1,
    id,
    runbook: tried.id,
    target: arranged.target,
    mode: 'enforce',
    generation: (before?.generation ?? 1) + (before?.status === 'released' ? 1 : 0),
    attempt: (before?.attempt ?? 0) + 1,
    status: 'starting',
    holds: [incidentId],
    incidentId,
    startedAt: new Date().toISOString(),
  }));
  if (!held) throw new Error(`containment '${id}' could not be held`);
  return held;
}
