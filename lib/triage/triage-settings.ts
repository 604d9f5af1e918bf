import type { Duration } from 'aws-cdk-lib';
import type { ContainmentRunbook } from '../contain/containment-runbook';
import type { Approval } from './approval';
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
}): string {
  const names = props.plans.map((plan) => plan.props.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two response plans are named '${twice}'; give each a name of its own`);
  const settings = {
    plans: props.plans.map((plan) => plan._toData(props.mode, props.defaultChain, props.approval)),
    defaultChain: props.defaultChain,
    windowMinutes: props.window.toMinutes(),
    targetKinds: Object.fromEntries(props.runbooks.map(({ runbookId, targetKind }) => [runbookId, targetKind])),
  };
  return `exports.settings = ${JSON.stringify(settings, undefined, 1)};\n`;
}
