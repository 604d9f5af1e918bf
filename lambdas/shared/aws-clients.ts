import type { AwsCredentialIdentityProvider } from '@aws-sdk/types';

/** Throttling is expected while an attacker is at work: try long, with the SDK's growing pauses. */
const MAX_ATTEMPTS = 6;

export interface ClientConfig {
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials?: AwsCredentialIdentityProvider;
}

/** Clients for one account and Region, each made at first use: `aws.of(EC2Client)`. */
export class AwsClients {
  readonly #region: string;
  readonly #credentials: AwsCredentialIdentityProvider | undefined;
  readonly #made = new Map<unknown, unknown>();
  readonly #once = new Map<unknown, unknown>();

  /** Without credentials, those of the function itself. */
  constructor(region: string, credentials?: AwsCredentialIdentityProvider) {
    this.#region = region;
    this.#credentials = credentials;
  }

  of<Client>(Kind: new (config: ClientConfig) => Client): Client {
    return this.#make(Kind, this.#made, MAX_ATTEMPTS);
  }

  /**
   * Tries once. For calls where a full quota (`LimitExceeded`) has an answer of its own: the SDK takes that error for
   * throttling, and would try again for many seconds.
   */
  once<Client>(Kind: new (config: ClientConfig) => Client): Client {
    return this.#make(Kind, this.#once, 1);
  }

  #make<Client>(Kind: new (config: ClientConfig) => Client, made: Map<unknown, unknown>, maxAttempts: number): Client {
    const known = made.get(Kind) as Client | undefined;
    if (known) return known;
    const client = new Kind({
      region: this.#region,
      maxAttempts,
      ...(this.#credentials && { credentials: this.#credentials }),
    });
    made.set(Kind, client);
    return client;
  }
}
