import { Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/**
 * A key of its own, not an alias: whoever may move an alias decides what the next copies are under, and a copy counts only
 * where EBS names this very ARN as its key, which an alias never is.
 *
 * @throws Error where it is an alias. What is known only when the stack is deployed is let through.
 */
export function checkForensicKey(key: IKey): void {
  const alias = aliasIn(key);
  if (alias === undefined) return;
  throw new Error(
    `'forensicKey' of IncidentResponse must be a key, got ${alias}: an alias can be moved to another key by somebody else, and copies are told by the ARN of their key; name the key itself, by Key.fromKeyArn(…, 'arn:aws:kms:…:key/…')`,
  );
}

function aliasIn(key: IKey): string | undefined {
  // An ARN whose Region or account is not known yet says all the same what it is of.
  const named = /:(?<alias>alias\/.*)$/.exec(key.keyArn)?.groups?.['alias'];
  if (named !== undefined && !Token.isUnresolved(named)) return `'${named}'`;
  // The CDK's aliases are keys by their type; of those that a stack makes, the name is not known yet.
  return 'aliasName' in key ? `the alias at '${key.node.path}'` : undefined;
}
