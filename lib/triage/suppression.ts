import { isIP } from 'node:net';
import type { Suppression as SuppressionData } from '../model/suppression';
import { Level } from './level';

/** Nobody remembers a longer one; whoever still needs it says so once a year. */
const MAX_DAYS = 366;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Which alerts a suppression keeps quiet, and for how long. At least one condition; all that are given must hold. */
export interface SuppressionProps {
  /** Unique among the suppressions; what it kept quiet is counted under it. */
  readonly name: string;
  /** Who answers for it: a person or a team. */
  readonly owner: string;
  readonly reason: string;
  /** When it ends; at most 366 days from now. */
  readonly until: Date;
  /** @default - at once */
  readonly from?: Date;
  /**
   * What is worse is never kept quiet.
   *
   * @default Level.MEDIUM
   */
  readonly levelAtMost?: Level;
  /** Ids of rules. @default - any rule */
  readonly rules?: string[];
  /** Who acts, as ARNs in which `*` and `?` stand for anything; only as AWS attests it. @default - anybody */
  readonly principals?: string[];
  /** What is acted upon, likewise; every target of the alert must be among them. @default - anything */
  readonly resources?: string[];
  /** Addresses and CIDR blocks that the calls come from. @default - any */
  readonly addresses?: string[];
  /** @default - any account */
  readonly accounts?: string[];
}

/**
 * Alerts that open no incident for a while: a maintenance window, a scanner of your own, an exception of a rule. They
 * are counted, and `firebreak incident suppressed` shows them. Beside an open incident about the same nothing is kept
 * quiet.
 */
export class Suppression {
  /** @throws Error that lists everything that is wrong. */
  public constructor(public readonly props: SuppressionProps) {
    const problems = [...checkTime(props), ...checkConditions(props)];
    for (const field of ['owner', 'reason'] as const) {
      if (props[field].trim() === '') problems.push(`'${field}' is empty; say who answers for it, and why`);
    }
    if (problems.length > 0) throw new Error(`suppression '${props.name}' cannot be used:\n- ${problems.join('\n- ')}`);
  }

  /** True where it has ended already: it keeps nothing quiet any more. */
  public get isOver(): boolean {
    return this.props.until.getTime() <= Date.now();
  }

  /**
   * The suppression as triage reads it.
   *
   * @internal
   */
  public _toData(): SuppressionData {
    const { name, owner, reason, until, from, levelAtMost, rules, principals, resources, addresses, accounts } =
      this.props;
    return {
      name,
      owner,
      reason,
      until: until.toISOString(),
      from: from?.toISOString(),
      levelAtMost: levelAtMost ?? Level.MEDIUM,
      when: { rules, principals, resources, addresses, accounts },
    };
  }
}

function checkTime({ until, from }: SuppressionProps): string[] {
  if (Number.isNaN(until.getTime())) return ["'until' is no time; give it an end, such as 2027-01-31T00:00:00Z"];
  if (from !== undefined && from.getTime() >= until.getTime()) return ["'from' is not before 'until'"];
  const days = Math.ceil((until.getTime() - Date.now()) / DAY_MS);
  return days > MAX_DAYS ? [`it ends in ${days} days; at most ${MAX_DAYS}, then somebody looks at it again`] : [];
}

function checkConditions({ rules, principals, resources, addresses, accounts }: SuppressionProps): string[] {
  const given = Object.entries({ rules, principals, resources, addresses, accounts }).filter(
    ([, list]) => list !== undefined,
  );
  if (given.length === 0) return ['it has no condition and would keep everything quiet; name rules or principals'];
  const empty = given
    .filter(([, list]) => list?.length === 0)
    .map(([name]) => `'${name}' is empty, so nothing matches`);
  const wrong = (addresses ?? []).filter((block) => !isBlock(block));
  return [...empty, ...wrong.map((block) => `'addresses' holds '${block}', which is no address and no CIDR block`)];
}

function isBlock(block: string): boolean {
  const [address = '', prefix, ...rest] = block.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}
