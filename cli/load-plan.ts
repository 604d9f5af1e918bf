import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseDuration } from '../config/duration';
import { loadConfiguration } from '../config/load';
import type { ApprovalConfiguration, Configuration } from '../config/schema';
import { assetData } from '../lib/triage/asset-data';
import type { Mode, ResponsePlan } from '../lib/model/plan';
import { RUNBOOKS } from '../runbooks';
import { UsageError } from './command-error';
import type { Io } from './io';
import type { PlanSettings } from './hunt/job';

/**
 * What triage would get of a configuration.
 *
 * @throws ConfigurationError with every mistake
 */
export function loadPlan(io: Io, name: string): PlanSettings {
  const path = resolve(io.cwd, name);
  if (!existsSync(path)) throw new UsageError(`'${name}' does not exist; name a firebreak.yaml`);
  const configuration = loadConfiguration(path);
  return {
    plans: configuration.responsePlans?.map((plan) => toPlan(plan, configuration)) ?? defaultPlans(configuration),
    defaultChain: configuration.escalationChains[0]?.name ?? '',
    windowMinutes: parseDuration(configuration.incidentWindow).toMinutes(),
    assets: assetData(configuration.assets),
    suppressions: configuration.suppressions.map(({ name, owner, reason, from, until, levelAtMost, ...when }) => ({
      name,
      owner,
      reason,
      from,
      until,
      levelAtMost,
      when,
    })),
    stagedRules: configuration.staging?.rules ?? [],
    repeatsThatRaise: configuration.repeatsThatRaise,
    targetKinds: Object.fromEntries(RUNBOOKS.map(({ id, target }) => [id, target])),
    stakeholders: configuration.stakeholders.map(({ name, severityAtLeast }) => ({ name, severityAtLeast })),
    ...(configuration.account !== undefined && { homeAccount: configuration.account }),
  };
}

function toPlan(plan: NonNullable<Configuration['responsePlans']>[number], configuration: Configuration): ResponsePlan {
  return {
    name: plan.name,
    when: {
      ...plan.when,
      sources: plan.when.sources,
      levelAtLeast: plan.when.levelAtLeast,
      criticalityAtLeast: plan.when.criticalityAtLeast,
    },
    runbooks: plan.runbooks.map(({ runbook, contains, mode: own, approval }) => ({
      runbook,
      contains,
      mode: own ?? withApproval(configuration.mode, approval),
    })),
    chain: plan.escalationChain ?? configuration.escalationChains[0]?.name ?? '',
    staged: plan.staged,
    severity: plan.severity,
    stakeholders: plan.stakeholders,
  };
}

/** As the construct `ResponsePlan` joins the two. */
function withApproval(mode: Mode, approval: ApprovalConfiguration | undefined): Mode {
  if (approval === undefined || mode === 'observe') return mode;
  return approval === 'automatic' ? 'enforce' : 'approve';
}

/** As `defaultResponsePlans`, which is written for constructs; a test holds the two together. */
function defaultPlans({ mode }: Configuration): ResponsePlan[] {
  const named = (runbook: string, contains: 'actor' | 'target'): ResponsePlan['runbooks'] => [
    { runbook, contains, mode },
  ];
  return [
    {
      name: 'compromised-instance',
      when: { sources: ['guardduty'], entityKinds: ['instance'], levelAtLeast: 'high' },
      runbooks: named('isolate-instance', 'target'),
      chain: '',
    },
    {
      name: 'compromised-user',
      when: { entityKinds: ['user'], levelAtLeast: 'high' },
      runbooks: named('disable-access-key', 'actor'),
      chain: '',
    },
  ];
}
