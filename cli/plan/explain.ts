import { choosePlan, unmetCondition } from '../../lambdas/triage/triage/choose-plan';
import { parseAlert } from '../../lambdas/triage/triage/parse-alert';
import { planContainments } from '../../lambdas/triage/triage/plan-containments';
import { openQuestions } from '../../lambdas/triage/triage/questions';
import { rateSeverity } from '../../lambdas/triage/triage/rate-severity';
import type { Alert } from '../../lib/model/alert';
import { weigh } from '../../lib/model/criticality';
import { targetText } from '../../lib/model/plan';
import { isTold } from '../../lib/model/stakeholder';
import { suppressionOf } from '../../lib/model/suppression';
import { CommandError, UsageError } from '../command-error';
import type { PlanSettings } from '../hunt/job';
import type { Io } from '../io';
import { loadPlan } from '../load-plan';
import type { JsonOptions } from '../options';
import { print, safe } from '../print';
import { readRecords } from '../read-records';

export interface PlanExplainOptions extends JsonOptions {
  readonly config: string;
}

/** What triage would decide about one alert that opens an incident, by its own functions. */
export interface PlanExplanation {
  readonly alert: string;
  /** Name of the plan that answers; null where none does, and the default chain is told. */
  readonly plan: string | null;
  /** In the order in which they are asked. */
  readonly plans: readonly { readonly name: string; readonly answers: boolean; readonly because: string }[];
  readonly severity: string;
  readonly because: string;
  readonly chain: string;
  /** Names of the stakeholders who would be told. */
  readonly stakeholders: readonly string[];
  readonly assets: readonly string[];
  /** Set where nothing would come of it. */
  readonly suppressedBy: string | null;
  readonly runbooks: readonly {
    readonly runbook: string;
    readonly target: string;
    readonly mode: string;
    readonly because?: string;
  }[];
  /** What the alert leaves open. */
  readonly questions: readonly string[];
}

export function explainPlan(io: Io, file: string, options: PlanExplainOptions): void {
  const settings = loadPlan(io, options.config);
  const explanation = explainOne(readAlert(io, file), settings, new Date());
  print(io, options, explanation, () => lines(explanation, io));
}

function readAlert(io: Io, file: string): Alert {
  const records = readRecords(io, file);
  if (records.length !== 1) throw new UsageError(`${file}: holds ${records.length} alerts; name a file with one`);
  try {
    return parseAlert(JSON.stringify(records[0]));
  } catch (error) {
    throw new CommandError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function explainOne(alert: Alert, settings: PlanSettings, now: Date): PlanExplanation {
  const plan = choosePlan(alert, settings.plans, settings.assets);
  const { severity, because } = rateSeverity(alert, plan, settings);
  const home = settings.homeAccount ?? alert.cloud.account.uid;
  const containments = plan
    ? planContainments(alert, plan, settings.targetKinds, { account: home }, settings.stagedRules)
    : [];
  return {
    alert: alert.finding_info.uid,
    plan: plan?.name ?? null,
    plans: settings.plans.map((candidate) => {
      const unmet = unmetCondition(alert, candidate, settings.assets);
      return {
        name: candidate.name,
        answers: candidate === plan,
        because: unmet ?? why(candidate === plan, plan?.name),
      };
    }),
    severity,
    because,
    chain: plan?.chain ?? settings.defaultChain,
    stakeholders: (settings.stakeholders ?? [])
      .filter((stakeholder) => isTold(stakeholder, { severity, stakeholders: plan?.stakeholders }))
      .map(({ name }) => name),
    assets: weigh(alert, settings.assets).groups,
    suppressedBy: suppressionOf(alert, settings.suppressions, now)?.name ?? null,
    runbooks: containments.map(({ planned, target, observeBecause }) => ({
      runbook: planned.runbook,
      target: targetText(target),
      mode: observeBecause === undefined ? planned.mode : 'observe',
      ...(observeBecause !== undefined && { because: observeBecause }),
    })),
    questions: openQuestions(alert, plan, settings.targetKinds),
  };
}

function why(answers: boolean, chosen: string | undefined): string {
  return answers ? 'every condition holds' : `every condition holds, but '${chosen ?? ''}' stands before it`;
}

function lines(explained: PlanExplanation, io: Io): string[] {
  const { bold, dim } = io.colours;
  const answer =
    explained.plan === null ? 'no response plan answers; the default chain is told' : `'${explained.plan}' answers`;
  return [
    bold(safe(answer)),
    ...explained.plans.map(({ name, answers, because }) => `  ${answers ? '→' : ' '} ${safe(name)}: ${safe(because)}`),
    `severity ${explained.severity}: ${safe(explained.because)}`,
    `escalation chain ${safe(explained.chain)}`,
    ...(explained.stakeholders.length > 0
      ? [`told, not paged: ${explained.stakeholders.map((name) => safe(name)).join(', ')}`]
      : []),
    ...(explained.assets.length > 0 ? [`assets ${explained.assets.map((name) => safe(name)).join(', ')}`] : []),
    ...(explained.suppressedBy === null
      ? []
      : [
          bold(
            `kept quiet by suppression '${safe(explained.suppressedBy)}', unless an open incident is about the same`,
          ),
        ]),
    ...(explained.runbooks.length === 0 ? [dim('no runbook would run')] : []),
    ...explained.runbooks.map(
      ({ runbook, target, mode, because }) =>
        `${safe(runbook)} on ${safe(target)}: ${mode}${because === undefined ? '' : ` (${safe(because)})`}`,
    ),
    ...explained.questions.map((question) => `open: ${safe(question)}`),
  ];
}
