import type { Mode } from '../../lib/model/plan';
import type { Because, Level } from '../../lib/model/alert';
import type { Entity } from '../../lib/model/entity';
import { safe } from '../print';

/** One match, as `--json` prints it, but for the number of the record. */
export interface Found {
  readonly change?: 'added' | 'removed';
  readonly rule: { readonly id: string; readonly title: string; readonly level: Level; readonly file: string };
  readonly event: { readonly id: string; readonly time: string; readonly index: number; readonly file: string };
  readonly entities: readonly Entity[];
  readonly because: readonly Because[];
  /** Correlations only: the events that counted. */
  readonly events?: readonly string[];
  /** With `--plan`: what would have been contained. */
  readonly plan?: FoundPlan;
}

export interface FoundPlan {
  /** The response plan that answers; null where none does. */
  readonly name: string | null;
  readonly containments: readonly {
    readonly runbook: string;
    readonly mode: Mode;
    readonly target: string;
    /** Why the mode fell to `observe`. */
    readonly because?: string;
  }[];
}

export function jsonLine(found: Found): string {
  return `${JSON.stringify(found)}\n`;
}

/** One line a match; what attackers wrote is made harmless for the terminal. */
export function textLine({ change, rule, event, entities, because, plan }: Found): string {
  const who = entities.map(({ role, kind, id }) => `${role} ${kind} ${id}`).join(', ');
  const why = because.map(({ path, op, actual }) => `${path} ${op} ${actual}`).join('; ');
  const sign = change === undefined ? [] : [change === 'added' ? '+' : '-'];
  const planned = plan === undefined ? [] : [planText(plan)];
  const parts = [...sign, event.time, rule.level, rule.id, rule.title, event.id, who, why, ...planned];
  return `${parts.map((part) => safe(part, 400)).join('\t')}\n`;
}

function planText({ name, containments }: FoundPlan): string {
  if (name === null) return 'no response plan answers';
  const of = containments.map(
    ({ runbook, mode, target, because }) =>
      `${mode} ${runbook} on ${target}${because === undefined ? '' : ` (${because})`}`,
  );
  return `plan ${name}: ${of.length === 0 ? 'nothing to contain' : of.join(', ')}`;
}
