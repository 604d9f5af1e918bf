import { Annotations, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Canary } from './canary';
import { canaryPlaceOf, canaryRule } from './canary-rule';
import { checkIncidentResponse } from './check-incident-response';
import { ActorSweep } from './contain/actor-sweep';
import { ContainmentStage } from './contain/containment-stage';
import { GuardRails } from './contain/guard-rails';
import { defaultResponsePlans } from './default-response-plans';
import { DeploymentTopic } from './deployment-topic';
import { Detector } from './detect/detector';
import { RuleSet } from './detect/rule-set';
import { EncryptionKey } from './encryption-key';
import { Escalation } from './escalate/escalation';
import { EscalationAuditor } from './escalate/escalation-auditor';
import { StakeholderUpdates } from './escalate/stakeholder-updates';
import { ForwarderWatch } from './forwarder-watch';
import { grantCall } from './grant-call';
import type { IncidentResponseProps } from './incident-response-props';
import { GLOBAL_REGION } from './log/detail-types';
import { ReleaseWatch } from './release-watch';
import { EvidenceVault } from './report/evidence-vault';
import { IncidentDashboard } from './report/incident-dashboard';
import { Publisher } from './report/publisher';
import { ReportWriter } from './report/report-writer';
import { VaultArea } from './report/vault-area';
import { SelfWatch } from './self-watch';
import { TamperWatch } from './tamper-watch';
import { AlertQueue } from './triage/alert-queue';
import { Approval } from './triage/approval';
import { ContainmentMode } from './triage/containment-mode';
import { IncidentStore } from './triage/incident-store';
import { PeopleAccess } from './triage/people-access';
import { grantHandOver, handOverEnvironment, type HandOverTargets } from './triage/hand-over';
import { Triage } from './triage/triage';
import { triageSettings } from './triage/triage-settings';

const DEFAULT_WINDOW = Duration.hours(1);
/** A rule that goes on finding is no coincidence any more. Our own figure. */
const DEFAULT_REPEATS = 20;

/**
 * Incident response for one account and Region: the six stages, joined. One to a stack.
 */
export class IncidentResponse extends Construct {
  public readonly store: IncidentStore;
  public readonly vault: EvidenceVault;
  public readonly detector: Detector;
  public readonly escalation: Escalation;
  public readonly containment: ContainmentStage;
  /** The bus on which others can listen to what happens to incidents. */
  public readonly publisher: Publisher;
  /** Has each change that CloudFormation makes in Firebreak's own parts, for whoever wants them one by one. */
  public readonly deploymentTopic: ITopic;
  private readonly access: PeopleAccess;

  constructor(scope: Construct, id: string, props: IncidentResponseProps) {
    super(scope, id);
    this.refuseTwin();
    checkIncidentResponse(this, props);
    const runbooks = props.runbooks ?? [];
    const ownRules = props.rules ?? RuleSet.builtIn();
    const rules =
      props.canary === false ? ownRules : ownRules._with('Firebreak canary', canaryRule(canaryPlaceOf(this)));
    const { key } = new EncryptionKey(this, 'Encryption');
    this.store = new IncidentStore(this, 'Store');
    this.vault = new EvidenceVault(this, 'Vault', { encryptionKey: key, retention: props.evidenceRetention });
    this.escalation = new Escalation(this, 'Escalation', {
      store: this.store,
      encryptionKey: key,
      chains: [props.escalationChain, ...(props.otherEscalationChains ?? [])],
      endpoint: props.acknowledgementEndpoint,
      exercise: props.exercise,
    });
    const approval = props.approval ?? Approval.required();
    this.containment = new ContainmentStage(this, 'Containment', {
      approval,
      store: this.store,
      vault: this.vault,
      guardRails: new GuardRails(props.guardRails),
      runbooks,
      snapshotLock: props.snapshotLock,
      forensicKey: props.forensicKey,
    });
    const targets: HandOverTargets = {
      chains: Object.fromEntries(this.escalation.chains.map((chain) => [chain.chainName, chain.machine])),
      defaultChain: props.escalationChain.chainName,
      runbooks: Object.fromEntries(runbooks.map((runbook) => [runbook.runbookId, runbook.containMachine])),
    };
    this.publisher = new Publisher(this, 'Publisher', {
      table: this.store.table,
      vault: this.vault,
      exercise: props.exercise,
    });
    const sweep = new ActorSweep(this, 'Sweep', { store: this.store, bus: this.publisher.bus, runbooks });
    for (const handler of [...this.containment.escalatingFunctions, sweep.handler]) {
      const onlyChains = { ...targets, runbooks: {} };
      const environment = handOverEnvironment(this, onlyChains);
      for (const [name, value] of Object.entries(environment)) handler.addEnvironment(name, value);
      grantHandOver(handler, onlyChains);
    }
    const alerts = new AlertQueue(this, 'Alerts');
    const triage = new Triage(this, 'Triage', {
      alerts,
      store: this.store,
      targets,
      settings: triageSettings({
        plans: props.responsePlans ?? defaultResponsePlans(runbooks),
        mode: props.mode ?? ContainmentMode.OBSERVE,
        approval,
        defaultChain: props.escalationChain.chainName,
        window: props.incidentWindow ?? DEFAULT_WINDOW,
        runbooks,
        assets: props.assets ?? [],
        suppressions: props.suppressions ?? [],
        stagedRules: props.stagedRules ?? [],
        repeatsThatRaise: props.repeatsThatRaise ?? DEFAULT_REPEATS,
        rules: rules._known,
      }),
    });
    this.escalation._wake(triage.reconcilerFunction);
    this.detector = new Detector(this, 'Detector', { rules, alertQueue: alerts.queue });
    for (const source of props.sources) this.detector.addSource(source);
    const writer = new ReportWriter(this, 'ReportWriter', {
      table: this.store.table,
      vault: this.vault,
      bus: this.publisher.bus,
      exercise: props.exercise,
    });
    const updates = this.updates(props, key);
    this.access = new PeopleAccess(this, 'PeopleAccess', {
      store: this.store,
      targets,
      releaseMachines: Object.fromEntries(runbooks.map((runbook) => [runbook.runbookId, runbook.releaseMachine])),
      evidenceFunctions: Object.fromEntries(
        runbooks.map((runbook) => [runbook.runbookId, runbook._functions.evidence]),
      ),
      exercise: props.exercise,
    });
    const deadLetterQueues: IQueue[] = [
      this.detector.deadLetterQueue,
      this.detector.rejectedQueue,
      alerts.deadLetterQueue,
      triage.deadLetterQueue,
      ...this.containment.deadLetterQueues,
      ...this.escalation.deadLetterQueues,
      sweep.deadLetterQueue,
      this.publisher.deadLetterQueue,
      writer.deadLetterQueue,
      ...(updates ? [updates.deadLetterQueue] : []),
    ];
    const machines = [
      ...this.escalation.chains.map((chain) => chain.machine),
      ...runbooks.flatMap((runbook) => [runbook.containMachine, runbook.releaseMachine]),
      sweep.machine,
    ];
    const auditor = new EscalationAuditor(this, 'EscalationAuditor', {
      store: this.store,
      chains: this.escalation.chains,
      deadLetterQueue: triage.deadLetterQueue,
    });
    const canary = this.canary(props, triage.deadLetterQueue);
    const { alarmTopic } = props.escalationChain;
    const deployment = new DeploymentTopic(this, 'DeploymentTopic', { encryptionKey: key });
    this.deploymentTopic = deployment.topic;
    const told = { alarmTopic, deadLetterQueue: triage.deadLetterQueue, exercise: props.exercise };
    const selfWatch = new SelfWatch(this, 'SelfWatch', {
      ...told,
      deadLetterQueues,
      machines,
      functions: [this.detector.function, triage.triageFunction, triage.reconcilerFunction, auditor.handler],
      alarms: [
        triage.pendingAlarm,
        triage.waitingAlarm,
        ...auditor.alarms,
        ...(canary ? [canary.alarm] : []),
        deployment.alarm,
      ],
    });
    if (props.dashboard ?? true) {
      new IncidentDashboard(this, 'Dashboard', {
        alertQueue: alerts.queue,
        chains: this.escalation.chains,
        runbookMachines: runbooks.flatMap((runbook) => [runbook.containMachine, runbook.releaseMachine]),
        deadLetterQueues,
        alarms: selfWatch.alarms,
      });
    }
    if (Stack.of(this).region !== GLOBAL_REGION) new ForwarderWatch(this, 'ForwarderWatch', told);
    new ReleaseWatch(this, 'ReleaseWatch', {
      ...told,
      machines: runbooks.map((runbook) => runbook.releaseMachine),
    });
    const logGroupNames = this.subscribedLogGroups();
    new TamperWatch(this, 'TamperWatch', {
      ...told,
      deployments: deployment,
      encryptionKey: key,
      machines,
      brakeParameterName: this.containment.brake.parameterName,
      logGroupNames,
    });
    this.output({
      Exercise: props.exercise ?? '',
      QueryFunction: this.access.queryFunction.functionName,
      RespondFunction: this.access.respondFunction.functionName,
      BrakeParameter: this.containment.brake.parameterName,
      VaultBucket: this.vault.bucket.bucketName,
      IncidentTable: this.store.table.tableName,
      AlertQueue: alerts.queue.queueUrl,
      EventBus: this.publisher.bus.eventBusName,
      AcknowledgeUrl: this.escalation.endpoint.url,
      Topics: [...this.escalation.topicArns, ...(updates?.topicArns ?? [])].join(','),
      DeadLetterQueues: deadLetterQueues.map((queue) => queue.queueUrl).join(','),
      LogGroups: logGroupNames.join(','),
      Machines: machines.map((machine) => machine.stateMachineArn).join(','),
      DeploymentTopic: deployment.topic.topicArn,
    });
  }

  /** Lets people read incidents, plans and reports with the command line. */
  public grantRead(grantee: IGrantable): void {
    grantCall(this.access.queryFunction, grantee);
    // Every command asks first what the stack is made of.
    const { stackId } = Stack.of(this);
    Grant.addToPrincipal({ grantee, actions: ['cloudformation:DescribeStacks'], resourceArns: [stackId] });
    for (const area of [VaultArea.DRAFTS, VaultArea.REPORTS, VaultArea.ANCHORS])
      this.vault.grantReadArea(grantee, area);
  }

  /** Lets people respond: open, acknowledge and close incidents, release containments, put the brake on and off. */
  public grantRespond(grantee: IGrantable): void {
    this.grantRead(grantee);
    grantCall(this.access.respondFunction, grantee);
    this.containment.brake.grantChange(grantee);
  }

  private refuseTwin(): void {
    const stack = Stack.of(this);
    if (!stack.node.findAll().some((other) => other instanceof IncidentResponse && other !== this)) return;
    throw new Error(`stack '${stack.stackName}' has an IncidentResponse already; one to a stack`);
  }

  private updates(
    { stakeholders = [], exercise }: IncidentResponseProps,
    encryptionKey: IKey,
  ): StakeholderUpdates | undefined {
    if (stakeholders.length === 0) return undefined;
    const { store, publisher } = this;
    return new StakeholderUpdates(this, 'StakeholderUpdates', {
      stakeholders,
      store,
      bus: publisher.bus,
      encryptionKey,
      exercise,
    });
  }

  /** A canary is a call that CloudTrail records: without CloudTrail as a source it would never come in. */
  private canary(props: IncidentResponseProps, deadLetterQueue: IQueue): Canary | undefined {
    if (props.canary === false) return undefined;
    if (!this.detector._seesCloudTrail) {
      Annotations.of(this).addWarningV2(
        'firebreak:no-canary',
        "no canary proves that the chain is whole, because none of 'sources' is CloudTrail; add EventSource.cloudTrail(), or say 'canary: false'",
      );
      return undefined;
    }
    return new Canary(this, 'Canary', { store: this.store, bus: this.publisher.bus, deadLetterQueue });
  }

  /** Names of the log groups behind the subscription filters. */
  private subscribedLogGroups(): string[] {
    const filters = this.node.findAll().filter((child) => child instanceof CfnSubscriptionFilter);
    return [...new Set(filters.map((filter) => filter.logGroupName))];
  }

  /** By these the command line finds its way; their names are fixed within a stack. */
  private output(values: { [name: string]: string }): void {
    for (const [name, value] of Object.entries(values)) {
      if (value === '') continue;
      new CfnOutput(this, `Output${name}`, { value }).overrideLogicalId(`Firebreak${name}`);
    }
  }
}
