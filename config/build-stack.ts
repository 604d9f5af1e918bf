import { dirname, resolve } from 'node:path';
import { Duration, Stack, type App, type Environment } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { CatalogueRunbook } from '../lib/contain/catalogue-runbook';
import type { ContainmentRunbook } from '../lib/contain/containment-runbook';
import { SnapshotLock } from '../lib/contain/snapshot-lock';
import { CostEstimate } from '../lib/cost/cost-estimate';
import type { ILogSource } from '../lib/detect/log-source';
import { RuleSet } from '../lib/detect/rule-set';
import { EscalationChain } from '../lib/escalate/escalation-chain';
import { NobodyAnswers } from '../lib/escalate/nobody-answers';
import type { Stakeholder } from '../lib/escalate/stakeholder';
import { IncidentResponse } from '../lib/incident-response';
import { GLOBAL_REGION } from '../lib/log/detail-types';
import { EventSource } from '../lib/log/event-source';
import { FindingSource } from '../lib/log/finding-source';
import { GlobalEventsForwarder } from '../lib/log/global-events-forwarder';
import { LogSource } from '../lib/log/log-source';
import { Approval } from '../lib/triage/approval';
import { Suppression } from '../lib/triage/suppression';
import { ResponsePlan } from '../lib/triage/response-plan';
import { RUNBOOKS } from '../runbooks';
import { atPlace } from './at-place';
import { parseDuration } from './duration';
import { People, toLevel } from './people';
import type { ApprovalConfiguration, Configuration, ResponsePlanConfiguration } from './schema';

/** The stack that a configuration file describes, and the forwarder in us-east-1 where one is needed. */
export function buildStack(app: App, configuration: Configuration, path: string): Stack {
  const env: Environment = {
    account: configuration.account ?? process.env['CDK_DEFAULT_ACCOUNT'],
    region: configuration.region ?? process.env['CDK_DEFAULT_REGION'],
  };
  const rules = toRules(configuration, dirname(path));
  if (configuration.sources.cloudTrail?.events && env.region !== undefined && env.region !== GLOBAL_REGION) {
    const global = new Stack(app, `${configuration.stack}GlobalEvents`, {
      env: { ...env, region: GLOBAL_REGION },
      suppressTemplateIndentation: true,
    });
    new GlobalEventsForwarder(global, 'Forwarder', {
      homeRegion: env.region,
      rules,
      reads: configuration.sources.cloudTrail.reads,
    });
    CostEstimate.show(global);
  }
  const stack = new Stack(app, configuration.stack, {
    env,
    description: 'Firebreak: incident response as code',
    // CloudFormation takes 1,000,000 bytes; a third of them would be white space.
    suppressTemplateIndentation: true,
  });
  const people = new People(stack, configuration, path);
  const chains = new Map(
    configuration.escalationChains.map((chain) => [
      chain.name,
      new EscalationChain(stack, chain.name, {
        levels: chain.levels.map((level) => atPlace(path, () => toLevel(chain.name, level, people))),
        voidAfterSilence: chain.voidAfterSilence === undefined ? undefined : parseDuration(chain.voidAfterSilence),
        whenNobodyAnswers:
          'startAgain' in chain.whenNobodyAnswers
            ? NobodyAnswers.startAgain({ times: chain.whenNobodyAnswers.startAgain })
            : NobodyAnswers.alarm(),
      }),
    ]),
  );
  const [defaultChain, ...otherChains] = chains.values();
  if (!defaultChain) throw new Error(`${path}: 'escalationChains' is empty`);
  const approvalOf = (asked: ApprovalConfiguration | undefined) => asked && toApproval(asked, people, path);
  const stakeholders = configuration.stakeholders.map((one) => atPlace(path, () => people.stakeholder(one)));
  const runbooks = RUNBOOKS.map(({ id }) => new CatalogueRunbook(stack, id, { runbook: id }));
  new IncidentResponse(stack, 'Firebreak', {
    sources: toSources(stack, configuration),
    rules,
    mode: configuration.mode,
    approval: approvalOf(configuration.approval),
    runbooks,
    responsePlans: configuration.responsePlans?.map((plan) =>
      toPlan(plan, { runbooks, chains, stakeholders, approvalOf, path }),
    ),
    escalationChain: defaultChain,
    otherEscalationChains: otherChains,
    stakeholders,
    guardRails: configuration.guardRails && {
      protectedPrincipals: configuration.guardRails.protectedPrincipals,
      protectedResources: configuration.guardRails.protectedResources,
      protectedNetworks: configuration.guardRails.protectedVpcs,
      maximumContainmentsPerHour: configuration.guardRails.maximumContainmentsPerHour,
    },
    assets: configuration.assets,
    suppressions: configuration.suppressions.map(({ from, until, ...rest }) =>
      atPlace(
        path,
        () =>
          new Suppression({
            ...rest,
            until: new Date(until),
            from: from === undefined ? undefined : new Date(from),
          }),
      ),
    ),
    stagedRules: configuration.staging?.rules,
    repeatsThatRaise: configuration.repeatsThatRaise,
    exercise: configuration.exercise,
    canary: configuration.canary,
    incidentWindow: parseDuration(configuration.incidentWindow),
    evidenceRetention: Duration.days(parseDuration(configuration.evidenceRetention).toDays()),
    snapshotLock: atPlace(path, () => toSnapshotLock(configuration)),
    forensicKey:
      configuration.forensicKey === undefined
        ? undefined
        : Key.fromKeyArn(stack, 'ForensicKey', configuration.forensicKey),
  });
  CostEstimate.show(stack);
  return stack;
}

function toSources(scope: Construct, { sources }: Configuration): ILogSource[] {
  const imported = (name: string) => LogGroup.fromLogGroupName(scope, `LogGroup${name}`, name);
  return [
    ...(sources.cloudTrail?.events ? [EventSource.cloudTrail({ reads: sources.cloudTrail.reads })] : []),
    ...(sources.cloudTrail?.logGroups ?? []).map((name) => LogSource.cloudTrail(imported(name))),
    ...(sources.applications?.logGroups ?? []).map((name) => LogSource.application(imported(name))),
    ...(sources.vpcFlowLogs?.logGroups ?? []).map((name) => LogSource.vpcFlowLogs(imported(name))),
    ...(sources.guardDuty ? [FindingSource.guardDuty()] : []),
  ];
}

function toRules({ rules }: Configuration, folder: string): RuleSet {
  const own = rules.directories.map((directory) => RuleSet.directory(resolve(folder, directory)));
  const [first, ...rest] = [...(rules.builtIn ? [RuleSet.builtIn()] : []), ...own];
  if (!first) throw new Error("'rules' names neither the built-in rules nor a directory: nothing would be detected");
  return rest.reduce((all, more) => all.combine(more), first);
}

function toSnapshotLock({ snapshotLock: wanted }: Configuration): SnapshotLock | undefined {
  if (!wanted) return undefined;
  const duration = wanted.duration === undefined ? undefined : parseDuration(wanted.duration);
  if (wanted.mode === 'compliance') {
    const coolOff = wanted.coolOff === undefined ? undefined : parseDuration(wanted.coolOff);
    return SnapshotLock.compliance({ duration, coolOff });
  }
  if (wanted.coolOff !== undefined)
    throw new Error(
      "'snapshotLock.coolOff' is for mode 'compliance'; a governance lock can be ended at any time, remove it",
    );
  return SnapshotLock.governance({ duration });
}

/** Who may approve is named as in the chains, and is the very same recipient. */
function toApproval(asked: ApprovalConfiguration, people: People, path: string): Approval {
  if (asked === 'automatic') return Approval.automatic();
  const { SEV1: sev1, SEV2: sev2, SEV3: sev3, SEV4: sev4 } = asked.onTimeout;
  return atPlace(path, () =>
    Approval.required({
      within: parseDuration(asked.within),
      onTimeout: { sev1, sev2, sev3, sev4 },
      approvers: asked.approvers?.map(({ recipient, principals }) => ({
        recipient: people.paged(recipient),
        principals,
      })),
    }),
  );
}

function toPlan(
  plan: ResponsePlanConfiguration,
  known: {
    readonly runbooks: readonly ContainmentRunbook[];
    readonly chains: ReadonlyMap<string, EscalationChain>;
    readonly stakeholders: readonly Stakeholder[];
    readonly approvalOf: (asked: ApprovalConfiguration | undefined) => Approval | undefined;
    readonly path: string;
  },
): ResponsePlan {
  const chain = plan.escalationChain === undefined ? undefined : known.chains.get(plan.escalationChain);
  if (plan.escalationChain !== undefined && !chain) {
    throw new Error(
      `${known.path}: response plan '${plan.name}' names the escalation chain '${plan.escalationChain}', but there are only: ${[...known.chains.keys()].join(', ')}`,
    );
  }
  return new ResponsePlan({
    name: plan.name,
    ...plan.when,
    levelAtLeast: plan.when.levelAtLeast,
    sources: plan.when.sources,
    runbooks: plan.runbooks.flatMap(({ runbook, contains, mode, approval }) =>
      known.runbooks
        .filter(({ runbookId }) => runbookId === runbook)
        .map((found) => ({
          runbook: found,
          contains,
          mode,
          approval: known.approvalOf(approval),
        })),
    ),
    escalationChain: chain,
    severity: plan.severity,
    sweep: plan.sweep,
    stakeholders: plan.stakeholders?.map((named) => {
      const found = known.stakeholders.find(({ props }) => props.name === named);
      if (found) return found;
      const names = known.stakeholders.map(({ props }) => props.name).join(', ') || 'none';
      throw new Error(
        `${known.path}: response plan '${plan.name}' names the stakeholder '${named}', but there are only: ${names}`,
      );
    }),
    staged: plan.staged,
  });
}
