import { Stack, Validations } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal, type Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { InlineRole } from '../inline-role';
import type { RunbookFacts } from '../model/runbook-facts';
import { grantExecutions } from '../triage/hand-over';
import type { Machine, MachineFunctions } from './machines/asl';
import { containMachine } from './machines/contain-machine';
import { releaseMachine } from './machines/release-machine';
import type { RunbookHost } from './runbook-host';
import { RunbookFunctions } from './runbook-functions';

/**
 * A runbook: contains one kind of target, and takes that back. It is made from its facts alone: three functions with
 * a role each (evidence, contain, release) that may read what the facts say, two roles that they assume for one run at a
 * time to change something, and two state machines.
 *
 * It stands by itself in your tree; `IncidentResponse` binds it to its store, vault and guard rails.
 */
export abstract class ContainmentRunbook extends Construct {
  private machines?: { readonly contain: StateMachine; readonly release: StateMachine };
  private parts?: RunbookFunctions;

  /** The name by which response plans ask for it. */
  public get runbookId(): string {
    return this._facts().id;
  }

  /** A few plain words. */
  public get title(): string {
    return this._facts().title;
  }

  /** Which kind of entity it contains, e.g. `user`. */
  public get targetKind(): string {
    return this._facts().target;
  }

  /**
   * Everything about the runbook that is data.
   *
   * @internal
   */
  public abstract _facts(): RunbookFacts;

  /** Creates what it needs in AWS. Called once, by the construct that it is given to. */
  public bind(host: RunbookHost): void {
    if (this.machines) {
      throw new Error(
        `runbook '${this.runbookId}' at '${this.node.path}' is bound already; make one for each IncidentResponse`,
      );
    }
    const facts = this._facts();
    const parts = new RunbookFunctions(this, facts, host);
    const arns: MachineFunctions = {
      guardRails: host.guardRailsFunction.functionArn,
      conclude: host.concludeFunction.functionArn,
      evidence: parts.evidence.functionArn,
      contain: parts.contain.functionArn,
      release: parts.release.functionArn,
    };
    this.parts = parts;
    this.machines = {
      contain: this.machine(
        'Contain',
        containMachine(facts, arns),
        [arns.guardRails, arns.conclude, arns.evidence, arns.contain],
        host.machineLogs,
      ),
      release: this.machine('Release', releaseMachine(facts, arns), [arns.conclude, arns.release], host.machineLogs),
    };
  }

  /** Contains. Input: `{ schemaVersion: 1, containmentId, attempt }`; the containment lies in the store. */
  public get containMachine(): StateMachine {
    return this.bound().contain;
  }

  /** Takes back. Input: `{ schemaVersion: 1, containmentId, incidentId, by, reason, force, reactivateKeys }`. */
  public get releaseMachine(): StateMachine {
    return this.bound().release;
  }

  /** Lets triage start containments, and look up how they stand. */
  public grantContain(grantee: IGrantable): Grant {
    return grantExecutions(this.bound().contain, grantee);
  }

  /** Lets people take containments back, and see what came of it. */
  public grantRelease(grantee: IGrantable): Grant {
    return grantExecutions(this.bound().release, grantee);
  }

  /** Executions that ended without a proven containment. */
  public metricFailed(options?: MetricOptions): Metric {
    return this.bound().contain.metricFailed(options);
  }

  /** Executions that took longer than their machine allows. */
  public metricTimedOut(options?: MetricOptions): Metric {
    return this.bound().contain.metricTimedOut(options);
  }

  /** Executions that somebody stopped. */
  public metricAborted(options?: MetricOptions): Metric {
    return this.bound().contain.metricAborted(options);
  }

  /** Releases that ended with something not as it was before. */
  public metricReleaseFailed(options?: MetricOptions): Metric {
    return this.bound().release.metricFailed(options);
  }

  /**
   * The function of each role.
   *
   * @internal
   */
  public get _functions(): RunbookFunctions {
    if (this.parts) return this.parts;
    throw new Error(
      `runbook '${this.runbookId}' at '${this.node.path}' is not bound yet; give it to an IncidentResponse`,
    );
  }

  private bound(): { readonly contain: StateMachine; readonly release: StateMachine } {
    if (this.machines) return this.machines;
    throw new Error(
      `runbook '${this.runbookId}' at '${this.node.path}' is not bound yet; give it to an IncidentResponse`,
    );
  }

  private machine(id: string, definition: Machine, calls: readonly string[], logs: ILogGroup): StateMachine {
    const stack = Stack.of(this);
    const role = new InlineRole(this, `${id}MachineRole`, {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: `Firebreak: runs '${definition.Comment.replace('Firebreak: ', '')}'`,
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...calls] }));
    const machine = new StateMachine(this, `${id}Machine`, {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(stack.toJsonString(definition)),
      role,
      comment: definition.Comment,
      tracingEnabled: true,
      logs: {
        destination: logs,
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Log deliveries and X-Ray traces of a state machine know no resource',
    });
    return machine;
  }
}
