import {
  action,
  type Action,
  type ActionContext,
  type ChangeContext,
} from '../../../lambdas/contain/runbook-host/action';
import type { JsonObject } from '../../../lib/model/json';
import type { Permission } from '../../../lib/model/runbook-facts';
import { beyondText, noteBeyond } from '../../quarantine-function/actions/beyond-record';
import { changedIds, ruleId, switchOff, switchOnAgain, type Rule } from './rules';

/** A configuration of a bucket that is put as a whole, and whose rules can be switched off one by one. */
export type Configuration = JsonObject & { readonly Rules: Rule[] };

/** One kind of rules, and which of them must not go on while a bucket is locked. */
export interface StoppedRules<Rules extends Configuration> {
  readonly id: string;
  /** Null where the bucket has none. */
  read(context: ActionContext): Promise<Rules | null>;
  put(context: ChangeContext, configuration: Rules): Promise<void>;
  /** Ids of the enabled rules that are to be switched off. */
  harmful(context: ActionContext, configuration: Rules | null): string[] | Promise<string[]>;
  /** The call that puts the configuration, as plans name it. */
  readonly call: string;
  /** What putting it takes. */
  permissions(configuration: Rules, bucket: string): readonly Permission[];
  /** What a rule does, and what it does when it is off. */
  does(configuration: Rules | null, id: string): { readonly on: string; readonly off: string };
  readonly says: {
    /** Before the ids of rules that are still on. */
    readonly still: string;
    readonly none: string;
    /** After the id of a rule that was switched on again. */
    readonly again: string;
    readonly asBefore: string;
    /** What the rules are, as a sentence begins: `Lifecycle rule`. */
    readonly rule: string;
  };
  /** What a person has to do once rules are on again. */
  readonly tasks: readonly string[];
}

type Before<Rules extends Configuration> = {
  readonly configuration: Rules | null;
  /** Ids of the rules that are switched off. */
  readonly stopped: string[];
};

/** Switches the harmful ones of a bucket's rules off, and on again where nobody else changed them. */
export function stopRules<Rules extends Configuration>(rules: StoppedRules<Rules>): Action {
  const { says } = rules;
  return action<Before<Rules>>({
    id: rules.id,

    async read(context) {
      const configuration = await rules.read(context);
      return { configuration, stopped: await rules.harmful(context, configuration) };
    },

    changes({ configuration, stopped }, { target }) {
      return stopped.map((id) => {
        const { on, off } = rules.does(configuration, id);
        return { call: rules.call, resource: `${target.id}, rule '${id}'`, from: on, to: off };
      });
    },

    permissions({ configuration, stopped }, { target }) {
      return configuration === null || stopped.length === 0 ? [] : rules.permissions(configuration, target.id);
    },

    async contain(before, context) {
      // As it is now: a rule may have been added since the state was written down.
      const now = await rules.read(context);
      const ids = await rules.harmful(context, now);
      for (const id of ids.filter((one) => !before.stopped.includes(one))) {
        noteBeyond(before, `rule '${id}'`, `it ${rules.does(now, id).on}`);
      }
      if (now !== null && ids.length > 0) await rules.put(context, { ...now, Rules: switchOff(now.Rules, ids) });
    },

    async verify(before, context) {
      const ids = await rules.harmful(context, await rules.read(context));
      if (ids.length > 0) return { ok: false, observed: `${says.still}: rule ${ids.join(', ')}` };
      return { ok: true, observed: `${says.none}${beyondText(before)}` };
    },

    async release(before, context) {
      const { configuration, stopped } = before;
      const now = await rules.read(context);
      const back = switchOnAgain(configuration?.Rules ?? [], now?.Rules ?? [], stopped);
      if (now !== null && back.restored.length > 0) await rules.put(context, { ...now, Rules: back.rules });
      const left = back.left.map(
        (id) => `${says.rule} '${id}' was changed or deleted meanwhile and was left so; look whether it is needed.`,
      );
      const later = (await offLater(rules, before, now, context)).map(
        (id) =>
          `${says.rule} '${id}', which ${rules.does(now, id).on}, was added or changed after the state was written down; it is off, and stays so. If it is wanted, set its Status to Enabled.`,
      );
      return {
        restored: back.restored.map((id) => `${says.rule.toLowerCase()} '${id}' ${says.again}`),
        tasks: [...left, ...later, ...(stopped.length + later.length > 0 ? rules.tasks : [])],
      };
    },

    async verifyReleased(before, context) {
      const { configuration, stopped } = before;
      const configured = await rules.read(context);
      const later = await offLater(rules, before, configured, context);
      const rest = later.length === 0 ? '' : `; added or changed since, and still off: rule ${later.join(', ')}`;
      if (configuration === null || stopped.length === 0) {
        return { ok: true, observed: `no rule that was written down had been switched off${rest}` };
      }
      const now = configured?.Rules ?? [];
      const left = changedIds(configuration.Rules, now, stopped);
      const off = now.filter((rule) => stopped.includes(ruleId(rule)) && rule.Status !== 'Enabled').map(ruleId);
      const ours = off.filter((id) => !left.includes(id));
      if (ours.length > 0) return { ok: false, observed: `still switched off: rule ${ours.join(', ')}` };
      return { ok: true, observed: `${says.asBefore}${left.length > 0 ? `, but ${left.join(', ')}` : ''}${rest}` };
    },
  });
}

/**
 * Ids of rules that are off, would do harm if they were on, and of which the record does not say that they were off: switched
 * off by the containment, which does so with what is added or changed meanwhile, or by somebody.
 */
async function offLater<Rules extends Configuration>(
  rules: StoppedRules<Rules>,
  { configuration, stopped }: Before<Rules>,
  now: Rules | null,
  context: ActionContext,
): Promise<string[]> {
  const wereOff = (configuration?.Rules ?? []).filter(({ Status }) => Status !== 'Enabled').map(ruleId);
  const known = [...stopped, ...wereOff];
  const off = (now?.Rules ?? []).filter((rule) => rule.Status !== 'Enabled' && !known.includes(ruleId(rule)));
  if (now === null || off.length === 0) return [];
  return rules.harmful(context, { ...now, Rules: off.map((rule) => ({ ...rule, Status: 'Enabled' })) });
}
