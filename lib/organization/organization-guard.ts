import { Stack, Token, type StackProps } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import { Construct } from 'constructs';
import { guardPolicy, MAX_SERVICE_CONTROL_POLICY_CHARACTERS } from './guard-policy';

/** What the guard of an organisation needs to know. */
export interface OrganizationGuardProps {
  /**
   * Accounts, organisational units or the root to which the policy is attached: ids such as `111122223333`,
   * `ou-ab12-cdefghij` or `r-ab12`. The management account is never bound by a service control policy.
   */
  readonly targetIds: string[];
  /**
   * Name of Firebreak's stack in those accounts.
   *
   * @default 'Firebreak'
   */
  readonly firebreakStackName?: string;
  /**
   * ARNs of the roles, as patterns, by which people release, brake and answer. Best a role that nobody in a guarded account can
   * change or assume, e.g. a permission set of Identity Center.
   *
   * @default - nobody but Firebreak itself: people detach the guard, or work from the management account
   */
  readonly people?: string[];
  /**
   * ARNs of the roles, as patterns, that deploy Firebreak. Whoever can become such a role can undo a quarantine: the roles of the
   * CDK bootstrap can be assumed by every administrator of the account, and are no good choice.
   *
   * @default - nobody: detach the guard for the minutes of a deployment
   */
  readonly deployers?: string[];
  /**
   * ARNs, as patterns, of Firebreak's state machines, which CloudFormation does not name after the stack: the output
   * `FirebreakMachines` of each guarded stack.
   *
   * @default - none: an administrator could start a release by himself
   */
  readonly stateMachines?: string[];
}

const TARGET = /^(?:\d{12}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/;
const PATTERN = /^arn:(?:aws[a-z-]*|\*):[a-z0-9-]+:[a-z0-9*-]*:(?:\d{12}|\*):\S+$/;
/** CloudFormation cuts longer names in the names of what it makes. */
const MAX_STACK_NAME = 24;

/**
 * Makes quarantine irremovable for everybody in the guarded accounts but Firebreak's own roles, administrators included: a
 * service control policy that must be there before the attack. Deploy it in the management account, or in one that administers
 * policies for the organisation.
 *
 * @throws Error where an id or ARN is none, or the policy is longer than Organizations takes.
 */
export class OrganizationGuard extends Construct {
  /** Id of the service control policy. */
  public readonly policyId: string;

  constructor(scope: Construct, id: string, props: OrganizationGuardProps) {
    super(scope, id);
    const { targetIds, firebreakStackName = 'Firebreak', people = [], deployers = [], stateMachines = [] } = props;
    const problems = [
      ...(targetIds.length === 0 ? ["'targetIds' is empty: name the accounts or units to guard"] : []),
      ...wrong('targetIds', targetIds, TARGET, 'the id of an account, an organisational unit or a root'),
      ...wrong('people', people, PATTERN, 'an ARN such as arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*'),
      ...wrong('deployers', deployers, PATTERN, 'an ARN such as arn:aws:iam::111122223333:role/deployer'),
      ...wrong('stateMachines', stateMachines, PATTERN, 'the ARN of a state machine'),
      ...(firebreakStackName.length > MAX_STACK_NAME
        ? [
            `'firebreakStackName' has ${firebreakStackName.length} characters; at most ${MAX_STACK_NAME} stand in the names of its roles`,
          ]
        : []),
    ];
    if (problems.length > 0) throw new Error(`OrganizationGuard '${this.node.path}': ${problems.join('; ')}`);
    const content = guardPolicy({ firebreakStack: firebreakStackName, people, deployers, machines: stateMachines });
    const { length } = JSON.stringify(content);
    if (length > MAX_SERVICE_CONTROL_POLICY_CHARACTERS) {
      throw new Error(
        `OrganizationGuard '${this.node.path}': the policy takes ${length} characters, at most ${MAX_SERVICE_CONTROL_POLICY_CHARACTERS} fit; name several ARNs by one pattern with '*'`,
      );
    }
    const policy = new CfnPolicy(this, 'Policy', {
      name: `${firebreakStackName}-quarantine-guard`,
      description: 'Firebreak: only the responder takes a quarantine away',
      type: 'SERVICE_CONTROL_POLICY',
      content,
      targetIds,
    });
    this.policyId = policy.attrId;
  }
}

function wrong(name: string, values: readonly string[], shape: RegExp, what: string): string[] {
  return values
    .filter((value) => !Token.isUnresolved(value) && !shape.test(value))
    .map((value) => `'${name}' holds '${value}', which is not ${what}`);
}

/** Properties of the stack for the management account. */
export interface OrganizationGuardStackProps extends StackProps {
  /** What is guarded. */
  readonly guard: OrganizationGuardProps;
}

/** The guard as a stack of its own, for the management account of an organisation. */
export class OrganizationGuardStack extends Stack {
  public readonly guard: OrganizationGuard;

  constructor(scope: Construct, id: string, props: OrganizationGuardStackProps) {
    super(scope, id, {
      description: 'Firebreak: makes quarantine irremovable in the accounts of an organisation',
      ...props,
    });
    this.guard = new OrganizationGuard(this, 'Guard', props.guard);
  }
}
