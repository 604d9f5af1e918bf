import { CfnManagedPolicy, ManagedPolicy, type IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { QUARANTINE_DOCUMENT } from '../model/quarantine';

/**
 * A managed policy that denies everything, deployed beforehand: where an attacker has filled a user's quota of inline
 * policies, it is attached, and where that quota is full too, it becomes the user's permissions boundary.
 */
export class QuarantinePolicy extends Construct {
  public readonly policy: IManagedPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { ref } = new CfnManagedPolicy(this, 'Policy', {
      description: 'Firebreak: denies everything to whoever it is attached to',
      policyDocument: QUARANTINE_DOCUMENT,
    });
    this.policy = ManagedPolicy.fromManagedPolicyArn(this, 'Imported', ref);
  }
}
