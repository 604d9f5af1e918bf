import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue';
import { FirebreakFunction } from '../firebreak-function';
import type { RunbookFacts } from '../model/runbook-facts';
import type { EvidenceVault } from '../report/evidence-vault';
import { VaultArea } from '../report/vault-area';
import { grantPermissions } from './runbook-permissions';

const TIMEOUT = Duration.minutes(2);

/** For which runbook, and where it is kept. */
export interface RunbookRecorderProps {
  readonly facts: RunbookFacts;
  readonly vault: EvidenceVault;
}

/**
 * Records how things are while all is well, locked in the vault, for a runbook that puts them back. A run that must not
 * record, because something is not as it was, ends in the dead-letter queue: that is watched, and so somebody is told.
 */
export class RunbookRecorder extends Construct {
  public readonly handler: FirebreakFunction;
  public readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { facts, vault }: RunbookRecorderProps) {
    super(scope, id);
    const { everyHours = 1, permissions = [] } = facts.recording ?? {};
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue');
    this.handler = new FirebreakFunction(this, 'Function', {
      bundle: `runbooks/${facts.id}/record`,
      description: `${facts.title}: records what is while all is well`,
      timeout: TIMEOUT,
      environment: { ...vault.environment, BASELINE_ACCOUNT: Stack.of(this).account },
      deadLetterQueue: this.deadLetterQueue,
    });
    grantPermissions(this.handler, permissions, {}, 'It reads how the account is logged, whatever there is');
    vault.grantReadArea(this.handler, VaultArea.BASELINES);
    vault.grantWriteLocked(this.handler, VaultArea.BASELINES);
    this.refuseOthers(vault);
    new Rule(this, 'Every', {
      description: `Firebreak: records a baseline for '${facts.id}'`,
      schedule: Schedule.rate(Duration.hours(everyHours)),
      targets: [
        new LambdaFunction(this.handler, {
          deadLetterQueue: this.deadLetterQueue,
          event: RuleTargetInput.fromObject({ source: 'firebreak.schedule' }),
        }),
      ],
    });
  }

  /** Whoever could write a baseline of his own would have it restored. */
  private refuseOthers({ bucket }: EvidenceVault): void {
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyTheRecorder',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(`${VaultArea.BASELINES}/*`)],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': this.handler.role?.roleArn ?? '' } },
      }),
    );
  }
}
