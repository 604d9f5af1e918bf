import { dirname, resolve } from 'node:path';
import { Duration, Stack, type App, type Environment } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { CatalogueRunbook } from '../lib/contain/catalogue-runbook';
import type { ContainmentRunbook } from '../lib/contain/containment-runbook';
import type { ILogSource } from '../lib/detect/log-source';
import { RuleSet } from '../lib/detect/rule-set';
import { EscalationChain } from '../lib/escalate/escalation-chain';
import { NobodyAnswers } from '../lib/escalate/nobody-answers';
import { Recipient } from '../lib/escalate/recipient';
import { IncidentResponse } from '../lib/incident-response';
import { GLOBAL_REGION } from '../lib/log/detail-types';
import { EventSource } from '../lib/log/event-source';
import { FindingSource } from '../lib/log/finding-source';
import { GlobalEventsForwarder } from '../lib/log/global-events-forwarder';
import { LogSource } from '../lib/log/log-source';
import { Suppression } from '../lib/triage/suppression';
import { ResponsePlan } from '../lib/triage/response-plan';
import { RUNBOOKS } from '../runbooks';
import { parseDuration } from './duration';
import type { Configuration, RecipientConfiguration, ResponsePlanConfiguration } from './schema';

/** The stack that a configuration file describes, and the forwarder in us-east-1 where one is needed. */
export function buildStack(app: App, configuration: Configuration, path: string): Stack {
  const env: Environment = {
    account: configuration.account ?? process.env['CDK_DEFAULT_ACCOUNT'],
    region: configuration.region ?? process.env['CDK_DEFAULT_REGION'],
  };
  if (configuration.sources.cloudTrail?.events && env.region !== undefined && env.region !== GLOBAL_REGION) {
    const global = new Stack(app, `${configuration.stack}GlobalEvents`, { env: { ...env, region: GLOBAL_REGION } });
    new GlobalEventsForwarder(global, 'Forwarder', { homeRegion: env.region });
  }
  const stack = new Stack(app, configuration.stack, {
    env,
    description: 'Firebreak: incident response as code',
  });
  const chains = new Map(
    configuration.escalationChains.map((chain) => [
      chain.name,
      new EscalationChain(stack, chain.name, {
        levels: chain.levels.map((level) => ({
          name: level.name,
          acknowledgeWithin: parseDuration(level.acknowledgeWithin),
          repeats: level.repeats,
          recipients: level.recipients.map((recipient, index) =>
            toRecipient(stack, `${chain.name}${level.name}${index}`, recipient),
          ),
        })),
        whenNobodyAnswers:
          'startAgain' in chain.whenNobodyAnswers
            ? NobodyAnswers.startAgain({ times: chain.whenNobodyAnswers.startAgain })
            : NobodyAnswers.alarm(),
      }),
    ]),
  );
  const [defaultChain, ...otherChains] = chains.values();
  if (!defaultChain) throw new Error(`${path}: 'escalationChains' is empty`);
  const runbooks = RUNBOOKS.map(({ id }) => new CatalogueRunbook(stack, id, { runbook: id }));
  new IncidentResponse(stack, 'Firebreak', {
    sources: toSources(stack, configuration),
    rules: toRules(configuration, dirname(path)),
    mode: configuration.mode,
    runbooks,
    responsePlans: configuration.responsePlans?.map((plan) => toPlan(plan, { runbooks, chains, path })),
    escalationChain: defaultChain,
    otherEscalationChains: otherChains,
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
    incidentWindow: parseDuration(configuration.incidentWindow),
    evidenceRetention: Duration.days(parseDuration(configuration.evidenceRetention).toDays()),
  });
  return stack;
}

function toSources(scope: Construct, { sources }: Configuration): ILogSource[] {
  const imported = (name: string) => LogGroup.fromLogGroupName(scope, `LogGroup${name}`, name);
  return [
    ...(sources.cloudTrail?.events ? [EventSource.cloudTrail()] : []),
    ...(sources.cloudTrail?.logGroups ?? []).map((name) => LogSource.cloudTrail(imported(name))),
    ...(sources.applications?.logGroups ?? []).map((name) => LogSource.application(imported(name))),
    ...(sources.guardDuty ? [FindingSource.guardDuty()] : []),
  ];
}

function toRules({ rules }: Configuration, folder: string): RuleSet {
  const own = rules.directories.map((directory) => RuleSet.directory(resolve(folder, directory)));
  const [first, ...rest] = [...(rules.builtIn ? [RuleSet.builtIn()] : []), ...own];
  if (!first) throw new Error("'rules' names neither the built-in rules nor a directory: nothing would be detected");
  return rest.reduce((all, more) => all.combine(more), first);
}

function toRecipient(scope: Construct, id: string, recipient: RecipientConfiguration): Recipient {
  if ('email' in recipient) return Recipient.email(recipient.email);
  if ('sms' in recipient) return Recipient.sms(recipient.sms);
  if ('queue' in recipient) return Recipient.queue(Queue.fromQueueArn(scope, id, recipient.queue));
  if ('topic' in recipient) return Recipient.topic(Topic.fromTopicArn(scope, id, recipient.topic));
  if ('pagerDuty' in recipient) {
    return Recipient.pagerDuty({ routingKey: Secret.fromSecretCompleteArn(scope, id, recipient.pagerDuty) });
  }
  return Recipient.https(recipient.https, {
    signingSecret:
      recipient.signingSecret === undefined
        ? undefined
        : Secret.fromSecretCompleteArn(scope, id, recipient.signingSecret),
  });
}

function toPlan(
  plan: ResponsePlanConfiguration,
  known: {
    readonly runbooks: readonly ContainmentRunbook[];
    readonly chains: ReadonlyMap<string, EscalationChain>;
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
    runbooks: plan.runbooks.flatMap(({ runbook, contains, mode }) =>
      known.runbooks
        .filter(({ runbookId }) => runbookId === runbook)
        .map((found) => ({
          runbook: found,
          contains,
          mode,
        })),
    ),
    escalationChain: chain,
    severity: plan.severity,
    staged: plan.staged,
  });
}

/** What a construct finds wrong names no file: whoever wrote it has only that. */
function atPlace<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
