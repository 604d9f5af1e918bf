import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/**
 * The one customer key: for the evidence vault and for topics, which services of AWS must be able to publish to.
 * Everything else is encrypted with keys of the services themselves, which cost nothing. Rotated yearly, and kept
 * when the stack goes, because without it evidence could not be read.
 */
export class EncryptionKey extends Construct {
  public readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Firebreak: evidence vault and escalation topics',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
