import { textAt } from '../../../lib/model/json';
import type { TrailRecord } from './read-record';

/** Who was contained: a user or a role of one account. */
export interface Actor {
  readonly kind: 'user' | 'role';
  readonly arn: string;
  readonly account: string;
}

/** By what CloudTrail is asked for what an identity did. */
export interface Trail {
  readonly key: 'Username' | 'AccessKeyId' | 'ResourceName';
  readonly value: string;
}

export interface Traced {
  /** Everything that the actor did, by itself or with what it made for itself, oldest first. */
  readonly records: readonly TrailRecord[];
  /** In the order in which they were found out. */
  readonly trails: readonly Trail[];
}

const USER_NAME = /^[\w+=,.@-]{1,64}$/;
const KEY_ID = /^A(?:KI|SI)A[A-Z0-9]{12,124}$/;
const HANDS_OUT = new Set(['sts:AssumeRole', 'sts:GetFederationToken', 'sts:GetSessionToken']);
/** Calls that only read, but of which something is followed. */
export const isFollowed = (call: string): boolean => HANDS_OUT.has(call);

/**
 * Which records are the actor's. Only what AWS itself wrote decides: `userIdentity`, and what a call that succeeded
 * answered. Keys, sessions and users that the actor made are the actor: what they did is its doing, and so on.
 */
export function trace(actors: readonly Actor[], records: Iterable<TrailRecord>): Traced {
  const followed = new Followed(actors);
  let left = [...records].sort((a, b) => a.at.localeCompare(b.at));
  const mine: TrailRecord[] = [];
  for (;;) {
    const found: TrailRecord[] = [];
    const others: TrailRecord[] = [];
    for (const record of left) (followed.isBy(record) ? found : others).push(record);
    left = others;
    const known = followed.trails.length;
    for (const record of found) followed.learn(record);
    // Whoever uses a contained role is the actor: its sessions are followed, whoever began them.
    for (const record of left) followed.learnSession(record);
    mine.push(...found);
    if (found.length === 0 && followed.trails.length === known) break;
  }
  return { records: mine.sort((a, b) => a.at.localeCompare(b.at)), trails: followed.trails };
}

/** Where CloudTrail begins to show what an actor did: of a role, who became it. */
export function trailOf({ kind, arn }: Actor): Trail {
  return kind === 'role' ? { key: 'ResourceName', value: arn } : { key: 'Username', value: lastPart(arn) };
}

class Followed {
  readonly #names = new Set<string>();
  readonly #keys = new Set<string>();
  readonly #trails = new Map<string, Trail>();

  constructor(readonly actors: readonly Actor[]) {
    for (const actor of actors) this.#follow(trailOf(actor));
  }

  get trails(): readonly Trail[] {
    return [...this.#trails.values()];
  }

  isBy({ raw, account }: TrailRecord): boolean {
    if (!this.actors.some((actor) => actor.account === account)) return false;
    const { type, arn, issuer, keyId } = identityOf(raw);
    if (keyId !== undefined && this.#keys.has(keyId)) return true;
    if (type === 'IAMUser') return arn !== undefined && (this.#isActor('user', arn) || this.#names.has(nameIn(arn)));
    if (issuer === undefined) return false;
    if (type === 'FederatedUser') return this.#isActor('user', issuer) || this.#names.has(nameIn(issuer));
    return type === 'AssumedRole' && this.#isActor('role', issuer);
  }

  /** What a record of the actor's own gives it. */
  learn(record: TrailRecord): void {
    const { raw, call, failed } = record;
    const { type, arn, issuer } = identityOf(raw);
    if (type === 'AssumedRole' && issuer !== undefined && arn !== undefined && this.#isActor('role', issuer)) {
      // By the name and not by the key: the keys of an instance change every few hours.
      this.#follow({ key: 'Username', value: lastPart(arn) });
    }
    if (failed) return;
    if (HANDS_OUT.has(call)) this.#key(textAt(raw, 'responseElements.credentials.accessKeyId'));
    if (call === 'iam:CreateAccessKey') this.#key(textAt(raw, 'responseElements.accessKey.accessKeyId'));
    if (call !== 'iam:CreateUser') return;
    const made = textAt(raw, 'responseElements.user.arn') ?? '';
    if (!isOf(made, 'user', record.account)) return;
    this.#names.add(nameIn(made));
    this.#follow({ key: 'Username', value: lastPart(made) });
  }

  /** A session of a contained role that somebody else began. */
  learnSession({ raw, call, failed }: TrailRecord): void {
    const role = textAt(raw, 'requestParameters.roleArn');
    if (failed || !call.startsWith('sts:AssumeRole') || role === undefined || !this.#isActor('role', role)) return;
    const session = textAt(raw, 'requestParameters.roleSessionName') ?? '';
    this.#follow({ key: 'Username', value: session });
  }

  #key(id: string | undefined): void {
    if (id === undefined || !KEY_ID.test(id)) return;
    this.#keys.add(id);
    this.#follow({ key: 'AccessKeyId', value: id });
  }

  #follow(trail: Trail): void {
    // Names stand in commands that people copy: what is no name is nobody's.
    if (trail.key === 'Username' && !USER_NAME.test(trail.value)) return;
    const id = `${trail.key}=${trail.value}`;
    if (!this.#trails.has(id)) this.#trails.set(id, trail);
  }

  #isActor(kind: Actor['kind'], arn: string): boolean {
    return this.actors.some((actor) => actor.kind === kind && nameIn(actor.arn) === nameIn(arn));
  }
}

function identityOf(raw: TrailRecord['raw']) {
  const get = (path: string) => textAt(raw, `userIdentity.${path}`);
  return {
    type: get('type'),
    arn: get('arn'),
    issuer: get('sessionContext.sessionIssuer.arn'),
    keyId: get('accessKeyId'),
  };
}

function isOf(arn: string, kind: Actor['kind'], account: string): boolean {
  return new RegExp(`^arn:aws[a-z-]*:iam::${account}:${kind}/`).test(arn);
}

/** Names are unique in an account, whatever the path. */
export function nameIn(arn: string): string {
  return arn.replace(/^(arn:[^:]+:iam::\d*:(?:user|role)\/).*\//, '$1');
}

function lastPart(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
