import { Duration, Token } from 'aws-cdk-lib';
import type { Recipient } from '../escalate/recipient';
import type { ApprovalSettings } from '../model/approval';

/** What happens where nobody approved or declined in time. It stands on the timeline, and people are told. */
export enum WhenNobodyDecides {
  /** The next level of the escalation chain is asked, and so on until somebody decides or the incident is closed. */
  ESCALATE = 'escalate',
  /** Contains as if it had been approved. */
  CONTAIN = 'contain',
  /** Changes nothing, and tells people so. */
  ABORT = 'abort',
}

/** What happens where nobody decided, by the severity that the incident has when the time is over. */
export interface ApprovalTimeouts {
  /** @default WhenNobodyDecides.ESCALATE */
  readonly sev1?: WhenNobodyDecides;
  /** @default WhenNobodyDecides.ESCALATE */
  readonly sev2?: WhenNobodyDecides;
  /** @default WhenNobodyDecides.ESCALATE */
  readonly sev3?: WhenNobodyDecides;
  /** @default WhenNobodyDecides.ESCALATE */
  readonly sev4?: WhenNobodyDecides;
}

/** One who may approve. */
export interface Approver {
  /** One of those whom the escalation chain pages; the very same object where it is a queue, a topic or a pager. */
  readonly recipient: Recipient;
  /**
   * The IAM identities of this person, as ARNs in which `*` and `?` stand for anything, e.g.
   * `arn:aws:iam::111122223333:user/ada` or `arn:aws:sts::*:assumed-role/*\/ada@example.com`. Whoever acted in an
   * incident gets no link to approve, and cannot approve.
   *
   * @default - not known: nobody can tell whether this person acted
   */
  readonly principals?: string[];
}

/** How people are asked. */
export interface ApprovalOptions {
  /**
   * How long people have, each time they are asked; 1 minute to 24 hours.
   *
   * @default - 15 minutes
   */
  readonly within?: Duration;
  /** @default - people are asked until somebody decides */
  readonly onTimeout?: ApprovalTimeouts;
  /** @default - everybody whom the escalation chain pages */
  readonly approvers?: Approver[];
}

const MINUTES = { min: 1, max: 24 * 60, default: 15 };
/** With more, a plan would no longer fit beside the others. */
const MAX_APPROVERS = 50;
const PRINCIPAL = /^arn:(?:\*|aws[a-z-]*):(?:iam|sts)::[\d*?]{0,12}:\S+$/;

/** Whether people are asked before something is contained. */
export abstract class Approval {
  /**
   * People of the escalation chain are shown the plan, and one of them approves or declines it. What they approve is
   * bound to that plan: where it has changed when it is carried out, they are asked again.
   *
   * @throws Error that lists everything that is wrong.
   */
  public static required(options: ApprovalOptions = {}): Approval {
    return new RequiredApproval(options);
  }

  /** Nobody is asked: what the guard rails allow is contained. */
  public static automatic(): Approval {
    return new AutomaticApproval();
  }

  /**
   * How people are asked; undefined where nobody is.
   *
   * @internal
   */
  public abstract get _settings(): ApprovalSettings | undefined;
}

class AutomaticApproval extends Approval {
  public override get _settings(): undefined {
    return undefined;
  }
}

class RequiredApproval extends Approval {
  constructor(private readonly options: ApprovalOptions) {
    super();
    const problems = [...checkWithin(options.within), ...checkApprovers(options.approvers)];
    if (problems.length > 0) throw new Error(`Approval.required: ${problems.join('; ')}`);
  }

  public override get _settings(): ApprovalSettings {
    const { within, onTimeout = {}, approvers } = this.options;
    const { sev1, sev2, sev3, sev4 } = onTimeout;
    const escalate = WhenNobodyDecides.ESCALATE;
    return {
      withinSeconds: (within ?? Duration.minutes(MINUTES.default)).toSeconds(),
      onTimeout: {
        SEV1: sev1 ?? escalate,
        SEV2: sev2 ?? escalate,
        SEV3: sev3 ?? escalate,
        SEV4: sev4 ?? escalate,
      },
      ...(approvers && {
        approvers: approvers.map(({ recipient, principals = [] }) => ({
          id: recipient._id,
          label: recipient.label,
          principals,
        })),
      }),
    };
  }
}

function checkWithin(within: Duration | undefined): string[] {
  if (!within || within.isUnresolved()) return [];
  const minutes = within.toMinutes({ integral: false });
  if (minutes >= MINUTES.min && minutes <= MINUTES.max) return [];
  return [`'within' must be ${MINUTES.min} minute to ${MINUTES.max / 60} hours, got ${within.toHumanString()}`];
}

function checkApprovers(approvers: readonly Approver[] | undefined): string[] {
  if (!approvers) return [];
  if (approvers.length === 0) return ["'approvers' is empty: nobody could approve; leave it out, or name somebody"];
  if (approvers.length > MAX_APPROVERS) {
    return [`'approvers' has ${approvers.length} entries, at most ${MAX_APPROVERS} are taken; name a shared recipient`];
  }
  const seen = new Set<string>();
  return approvers.flatMap(({ recipient, principals = [] }) => {
    const twice = seen.has(recipient._id) ? [`'approvers' names '${recipient.label}' twice; name it once`] : [];
    seen.add(recipient._id);
    const wrong = principals.filter((arn) => Token.isUnresolved(arn) || !PRINCIPAL.test(arn));
    return [
      ...twice,
      ...wrong.map(
        (arn) =>
          `'principals' of '${recipient.label}' holds '${arn}', which is not the ARN of a user, role or session, such as arn:aws:iam::111122223333:user/ada`,
      ),
    ];
  });
}
