import {
  CreateAccessKeyCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { setTimeout as sleep } from 'node:timers/promises';

/** One call by which the attacker takes back what was taken from him. */
export interface Move {
  /** As IAM names it, e.g. `iam:DeleteUserPolicy`. */
  readonly call: string;
  /** What it is about, as IAM is asked. */
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

export interface AttackerOptions {
  readonly iam: IAMClient;
  /** ARN of the user whose rights he has. */
  readonly user: string;
  /**
   * Says whether AWS would allow a move. An emulator enforces no policy: without it, everything is allowed, as it is for an
   * administrator in the seconds before a deny binds everywhere.
   */
  readonly allows?: (move: Move) => Promise<boolean>;
  /** Milliseconds between two looks; 20 by default. */
  readonly pause?: number;
}

/**
 * An attacker with the rights of an administrator who fights back: looks without a pause, and takes back whatever was taken away.
 * Gives himself a new key when his own are switched off.
 */
export class FightingAttacker {
  /** Calls that succeeded, in order. */
  public readonly done: string[] = [];
  /** Calls that were denied. */
  public readonly denied: string[] = [];
  readonly #options: AttackerOptions;
  #fights = false;
  #fight: Promise<void> = Promise.resolve();

  constructor(options: AttackerOptions) {
    this.#options = options;
  }

  /** Makes a first key, as any attacker does who means to stay. */
  async leaveBackDoor(): Promise<string> {
    const { AccessKey } = await this.#options.iam.send(new CreateAccessKeyCommand({ UserName: this.#name }));
    return AccessKey?.AccessKeyId ?? '';
  }

  start(): void {
    this.#fights = true;
    this.#fight = this.#loop();
  }

  /** Ends the fight; waits for the last call. */
  async stop(): Promise<void> {
    this.#fights = false;
    await this.#fight;
  }

  get #name(): string {
    return this.#options.user.split('/').at(-1) ?? '';
  }

  async #loop(): Promise<void> {
    while (this.#fights) {
      try {
        await this.takeBack();
      } catch (error) {
        // What he does not get at this time, he gets at the next: whoever defends changes the same things.
        if (!(error instanceof Error) || !('$metadata' in error)) throw error;
      }
      await sleep(this.#options.pause ?? 20);
    }
  }

  /** One round: whatever stands in his way is taken away. */
  async takeBack(): Promise<void> {
    const { iam, user } = this.#options;
    const UserName = this.#name;
    const { PolicyNames } = await iam.send(new ListUserPoliciesCommand({ UserName }));
    for (const PolicyName of (PolicyNames ?? []).filter((name) => /quarantine/i.test(name))) {
      await this.#move({ call: 'iam:DeleteUserPolicy', resource: user }, () =>
        iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName })),
      );
    }
    const { AttachedPolicies } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
    for (const { PolicyArn = '' } of (AttachedPolicies ?? []).filter((it) => /quarantine/i.test(it.PolicyName ?? ''))) {
      const context = { 'iam:PolicyARN': PolicyArn };
      await this.#move({ call: 'iam:DetachUserPolicy', resource: user, context }, () =>
        iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn })),
      );
    }
    const { User } = await iam.send(new GetUserCommand({ UserName }));
    const boundary = User?.PermissionsBoundary?.PermissionsBoundaryArn;
    if (boundary !== undefined) {
      const context = { 'iam:PermissionsBoundary': boundary };
      await this.#move({ call: 'iam:DeleteUserPermissionsBoundary', resource: user, context }, () =>
        iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName })),
      );
    }
    await this.#keys();
  }

  async #keys(): Promise<void> {
    const { iam, user } = this.#options;
    const UserName = this.#name;
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
    const keys = AccessKeyMetadata ?? [];
    for (const { AccessKeyId, Status } of keys) {
      if (Status === 'Active') continue;
      await this.#move({ call: 'iam:UpdateAccessKey', resource: user }, () =>
        iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Active' })),
      );
    }
    // IAM takes two keys a user.
    if (keys.length >= 2) return;
    await this.#move({ call: 'iam:CreateAccessKey', resource: user }, () =>
      iam.send(new CreateAccessKeyCommand({ UserName })),
    );
  }

  async #move(move: Move, make: () => Promise<unknown>): Promise<void> {
    const { allows } = this.#options;
    if (allows && !(await allows(move))) {
      this.denied.push(move.call);
      return;
    }
    await make();
    this.done.push(move.call);
  }
}
