import type { Duration } from 'aws-cdk-lib';
import type { ContainmentRunbook } from '../contain/containment-runbook';
import type { Approval } from './approval';
import type { TriageSettings } from '../model/triage-settings';
import type { EntityKind } from '../model/entity';
import { assetData } from './asset-data';
import type { AssetGroup } from './asset-group';
import { whyPlansNeverAnswer, type KnownRule } from './check-plans';
import type { Suppression } from './suppression';
import type { ContainmentMode } from './containment-mode';
import type { ResponsePlan } from './response-plan';

/** What triage is to know, as the module that is written beside its bundle. */
export function triageSettings(props: {
  readonly plans: readonly ResponsePlan[];
  readonly mode: ContainmentMode;
  readonly approval: Approval;
  readonly defaultChain: string;
  readonly window: Duration;
  readonly runbooks: readonly ContainmentRunbook[];
  readonly assets: readonly AssetGroup[];
  readonly suppressions: readonly Suppression[];
  readonly stagedRules: readonly string[];
  readonly repeatsThatRaise: number;
  readonly rules: readonly KnownRule[];
}): string {
  const names = props.plans.map((plan) => plan.props.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two response plans are named '${twice}'; give each a name of its own`);
  const plans = props.plans.map((plan) => plan._toData(props.mode, props.defaultChain, props.approval));
  const problems = [
    ...whyPlansNeverAnswer(plans, props.rules),
    ...props.stagedRules
      .filter((id) => !props.rules.some((rule) => rule.id === id))
      .map((id) => `'stagedRules' names ${id}, which no rule has; correct the id, or take it out`),
    ...plans
      .filter(({ sweep, runbooks }) => sweep === 'contain' && runbooks.length === 0)
      .map(
        ({ name }) =>
          `response plan '${name}' sweeps after what it never contains; give it a runbook, or leave 'sweep' out`,
      ),
    ...twins(props.suppressions).map((name) => `two suppressions are named '${name}'; give each a name of its own`),
  ];
  if (problems.length > 0) throw new Error(`triage cannot work like this:\n- ${problems.join('\n- ')}`);
  const settings: TriageSettings = {
    plans,
    defaultChain: props.defaultChain,
    windowMinutes: props.window.toMinutes(),
    targetKinds: Object.fromEntries(
      props.runbooks.map(({ runbookId, targetKind }) => [runbookId, targetKind as EntityKind]),
    ),
    assets: assetData(props.assets),
    suppressions: props.suppressions.filter(({ isOver }) => !isOver).map((suppression) => suppression._toData()),
    stagedRules: props.stagedRules,
    repeatsThatRaise: props.repeatsThatRaise,
  };
  return `exports.settings = ${JSON.stringify(settings, undefined, 1)};\n`;
}

function twins(suppressions: readonly Suppression[]): string[] {
  const names = suppressions.map(({ props }) => props.name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
