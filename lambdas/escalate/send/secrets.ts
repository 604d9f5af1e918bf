import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** A rotated secret is noticed within this time. */
const KEPT_MS = 5 * 60 * 1000;

let client: SecretsManagerClient | undefined;
const kept = new Map<string, { readonly value: string; readonly until: number }>();

/**
 * The text of a secret, kept in memory for 5 minutes. Never log it.
 *
 * @throws Error where it has no text, or the error of Secrets Manager.
 */
export async function readSecret(arn: string, now = Date.now()): Promise<string> {
  const known = kept.get(arn);
  if (known && known.until > now) return known.value;
  client ??= new SecretsManagerClient({ requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 } });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const value = SecretString?.trim();
  if (!value) throw new Error(`secret '${arn}' has no text; put the key in as plain text`);
  kept.set(arn, { value, until: now + KEPT_MS });
  return value;
}

/** After a refusal: it may have been rotated. */
export function forgetSecret(arn: string): void {
  kept.delete(arn);
}
