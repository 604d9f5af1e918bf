import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * The brake: one parameter that says whether anything may be changed. Read before every changing action; only the
 * word `released` releases it, and an error holds it.
 *
 * People change its value at run time (`firebreak pause`, `firebreak resume`). CloudFormation writes a parameter only
 * where the template's own properties of it change, so a deploy does not release a brake that a person put on, as long
 * as these properties never change: they are fixed here, carry no tags, and a test pins them.
 */
export class Brake extends Construct {
  /** Name of the parameter. */
  public readonly parameterName: string;
  public readonly parameterArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const parameter = new CfnParameter(this, 'Parameter', {
      type: 'String',
      value: 'released',
      description: 'Firebreak: nothing is contained or released unless this says "released"',
    });
    // Tags of the app would change the resource, and with it the value.
    parameter.addPropertyDeletionOverride('Tags');
    this.parameterName = parameter.ref;
    this.parameterArn = Stack.of(this).formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: this.parameterName,
    });
  }

  /** Lets a stage ask whether the brake is on. */
  public grantRead(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({ grantee, actions: ['ssm:GetParameter'], resourceArns: [this.parameterArn] });
  }

  /** Lets people put the brake on and release it. */
  public grantChange(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['ssm:GetParameter', 'ssm:GetParameterHistory', 'ssm:PutParameter'],
      resourceArns: [this.parameterArn],
    });
  }
}
