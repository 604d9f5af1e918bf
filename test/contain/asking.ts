import { CreateRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { randomBytes } from 'node:crypto';
import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { decideApproval, type DecisionRequest } from '../../lambdas/shared/approvals/decide-approval';
import { startHandOvers } from '../../lambdas/shared/hand-over/start-hand-overs';
import { getApproval } from '../../lambdas/shared/store/approvals';
import { changeIncident, getIncident } from '../../lambdas/shared/store/incidents';
import type { Approval, ApprovalSettings } from '../../lib/model/approval';
import type { Containment } from '../../lib/model/containment';
import type { Entity } from '../../lib/model/entity';
import { containmentId } from '../../lib/model/ids';
import type { Incident } from '../../lib/model/incident';
import type { Mode, Target } from '../../lib/model/plan';
import type { Severity } from '../../lib/model/severity';
import { runbook as disableAccessKey } from '../../runbooks/disable-access-key/actions';
import { cases, type UserCase } from '../../runbooks/disable-access-key/cases';
import { makeUser } from '../runbooks/user';
import type { Ran } from './machine-runner';
import type { World } from './world';

export const ASKS: ApprovalSettings = {
  withinSeconds: 900,
  onTimeout: { SEV1: 'contain', SEV2: 'escalate', SEV3: 'abort', SEV4: 'abort' },
};

/** An incident about a user, whose containment people are to approve. */
export interface Case {
  readonly target: Target;
  readonly name: string;
  readonly incidentId: string;
  readonly id: string;
}

interface Wish {
  readonly mode?: Mode;
  readonly severity?: Severity;
  readonly eventAt?: string;
  readonly approval?: ApprovalSettings;
}

/** Hands over for real, to machines that only wait; the contain machine itself runs in this process. */
export class Asking {
  constructor(
    readonly world: World,
    readonly iam: IAMClient,
    readonly runbook: Runbook = disableAccessKey,
  ) {}

  /** Machines that triage can start. Before the first hand-over: where they are is read once. */
  static async machines(world: World, iam: IAMClient, runbook: Runbook = disableAccessKey): Promise<void> {
    const name = `waits-${randomBytes(4).toString('hex')}`;
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify({ Statement: [] }) }),
    );
    const { stateMachineArn } = await new SFNClient(world.aws.client).send(
      new CreateStateMachineCommand({
        name,
        roleArn: Role?.Arn,
        definition: JSON.stringify({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 36_000, End: true } } }),
      }),
    );
    Object.assign(process.env, {
      ESCALATION_MACHINES: JSON.stringify({ oncall: stateMachineArn }),
      CONTAINMENT_MACHINES: JSON.stringify({ [runbook.facts.id]: stateMachineArn }),
      APPROVAL: JSON.stringify(ASKS),
    });
  }

  /** An incident that hands its user over, as triage does. */
  async open(wish: Wish = {}): Promise<Case> {
    const { target, name } = await makeUser(this.iam, cases[0] as UserCase);
    const id = containmentId(this.runbook.facts.id, target);
    return { target, name, id, incidentId: await this.wants(target, wish) };
  }

  /** One more incident that wants a target contained. */
  async wants(target: Target, { mode = 'approve', severity = 'SEV2', eventAt, approval }: Wish = {}): Promise<string> {
    const incidentId = await this.world.openIncident();
    const key = `containment#${containmentId(this.runbook.facts.id, target)}`;
    const since = new Date().toISOString();
    const actor: Entity = { ...target, role: 'actor', trust: 'attested', path: 'userIdentity.arn' };
    await changeIncident(this.world.table, incidentId, () => ({
      set: {
        severity,
        entities: [actor],
        handOvers: {
          escalation: { kind: 'escalation', state: 'started', since, attempt: 1 },
          [key]: {
            kind: 'containment',
            state: 'pending',
            since,
            attempt: 1,
            containment: {
              plan: 'p',
              planned: { runbook: this.runbook.facts.id, mode, contains: 'actor', ...(approval && { approval }) },
              target,
              eventAt: eventAt ?? since,
            },
          },
        },
      },
      entries: [{ stage: 'triage', kind: 'note', text: 'planned', by: 'test' }],
    }));
    return incidentId;
  }

  /** Starts what is pending, as triage and the reconciler do. */
  async handOver(incidentId: string): Promise<Incident> {
    await startHandOvers(this.world.table, await this.incident(incidentId));
    return this.incident(incidentId);
  }

  async incident(id: string): Promise<Incident> {
    const found = await getIncident(this.world.table, id);
    if (!found) throw new Error(`no incident ${id}`);
    return found;
  }

  /** Hands over, and runs the attempt that this starts. */
  async run(about: Pick<Case, 'id' | 'incidentId'>, options: Parameters<World['contain']>[2] = {}): Promise<Ran> {
    await this.handOver(about.incidentId);
    return this.world.contain(this.runbook, await this.world.containment(about.id), options);
  }

  /** The question that a containment waits for. */
  async question({ id }: Pick<Case, 'id'>): Promise<Approval> {
    const { approvalId } = await this.containment(id);
    const found = approvalId === undefined ? undefined : await getApproval(this.world.table, approvalId);
    if (!found) throw new Error(`nobody was asked about ${id}`);
    return found;
  }

  containment(id: string): Promise<Containment> {
    return this.world.containment(id);
  }

  async decide(about: Pick<Case, 'id'>, ask: Partial<DecisionRequest> = {}) {
    const { id, planHash } = await this.question(about);
    return decideApproval(this.world.table, id, {
      approve: true,
      by: 'Ada',
      reason: 'he is not ours',
      how: 'command-line',
      planHash,
      ...ask,
    });
  }
}
