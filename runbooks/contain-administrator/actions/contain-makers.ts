import { setTimeout as sleep } from 'node:timers/promises';
import { guardRailSettings } from '../../../lambdas/contain/shared/guard-settings';
import { action, type Action, type ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { checkGuardRails } from '../../../lib/model/guard-rails';
import type { JsonObject } from '../../../lib/model/json';
import type { Target } from '../../../lib/model/plan';
import { runbook as disableAccessKey } from '../../disable-access-key/actions';
import { subjectOf as userSubject } from '../../disable-access-key/subject';
import { runbook as revokeRoleSessions } from '../../revoke-role-sessions/actions';
import { subjectOf as roleSubject } from '../../revoke-role-sessions/subject';
import { alertedMakers, findMakers, type Maker } from './makers';
import { about } from './parts';

/** IAM shows a new principal some seconds late, and who made this one may be as new as it. */
const GONE_MS = 5_000;

/** STS takes 2,048 characters of session policy, which is room for three principals. */
const MOST = 3;

type Contained = {
  readonly kind: 'user' | 'role';
  /** With its path. */
  readonly arn: string;
  readonly how: string;
  /** What each part read, by its id. */
  readonly before: Record<string, JsonObject>;
};

type Before = {
  readonly contained: Contained[];
  /** Who is not contained, and why; nobody of them is passed over in silence. */
  readonly left: { readonly who: string; readonly because: string }[];
};

const ID = 'contain-makers';

/**
 * Contains whoever made the administrator: a user as `disable-access-key` does it, a role as `revoke-role-sessions`
 * does. Where nobody is known, or somebody may or can not be contained, it ends unproven and people are paged.
 */
export const containMakers = action<Before>({
  id: ID,

  async read(context) {
    const contained: Contained[] = [];
    const left: { who: string; because: string }[] = [];
    // One pause for all: makers who were deleted must not add up to a long wait.
    let pause: Promise<void> | undefined;
    const aMoment = () => (pause ??= sleep(GONE_MS));
    const { makers, unreadBefore } = await findMakers(context);
    for (const maker of makers) {
      const because =
        contained.length < MOST ? await why(maker, context, aMoment) : `only ${MOST} are contained at once`;
      if (typeof because === 'string') left.push({ who: `${maker.id} (${maker.call})`, because });
      else
        contained.push({ ...because, how: `${maker.call} at ${maker.at}`, before: await readParts(because, context) });
    }
    if (unreadBefore !== undefined) left.push(unread(context, unreadBefore));
    return { contained, left };
  },

  /** Who made it was found once: a later attempt contains the same, however much became known of them. */
  async readAgain(before, context) {
    const contained = before.contained.map(async (one) => ({ ...one, before: await readParts(one, context) }));
    return { ...before, contained: await Promise.all(contained) };
  },

  changes(before, context) {
    return before.contained.flatMap((one) =>
      partsOf(one).flatMap((part) => part.changes(state(one, part), about(context, one.kind, one.arn))),
    );
  },

  reach(before, context) {
    return before.contained.flatMap((one) =>
      partsOf(one).flatMap((part) => part.reach?.(state(one, part), about(context, one.kind, one.arn)) ?? []),
    );
  },

  permissions(before, context, step) {
    return before.contained.flatMap((one) =>
      partsOf(one).flatMap((part) => part.permissions(state(one, part), about(context, one.kind, one.arn), step)),
    );
  },

  async contain(before, context) {
    const errors: unknown[] = [];
    for (const { one, part } of pairs(before)) {
      try {
        await part.contain(state(one, part), about(context, one.kind, one.arn));
      } catch (error) {
        // One that cannot be contained does not keep the others.
        errors.push(error);
      }
    }
    // Named as the first error is, so that what passes by itself is tried again.
    const [first] = errors;
    if (first !== undefined) throw first instanceof Error ? first : new Error(`${ID} failed`);
    // Nothing that is waited for makes this better: people are told at once.
    const unproven = notContained(before, context);
    if (unproven.length > 0) throw new Error(unproven.join('; '));
  },

  async verify(before, context) {
    const readings = await Promise.all(
      pairs(before).map(async ({ one, part }) => ({
        one,
        ...(await part.verify(state(one, part), about(context, one.kind, one.arn))),
      })),
    );
    const known = new Set(before.contained.map(({ arn }) => nameOf(arn)));
    const named = before.left.map(({ who }) => who);
    const later = (await alertedMakers(context)).filter(
      ({ id }) => !known.has(nameOf(id)) && !named.some((who) => who.startsWith(id)),
    );
    const wrong = [
      ...readings.filter(({ ok }) => !ok).map(({ one, observed }) => `${one.arn}: ${observed}`),
      ...notContained(before, context),
      ...later.map(
        ({ id, call }) => `${id} had a part in it too (${call}), as an alert said later: contain it by itself`,
      ),
    ];
    const beyond = readings.some((reading) => reading.beyond === true);
    if (wrong.length > 0) return { ok: false, observed: wrong.join('; '), ...(beyond && { beyond }) };
    return { ok: true, observed: before.contained.map(({ arn, how }) => `${arn} (${how}) is contained`).join('; ') };
  },

  async release(before, context, options) {
    const restored: string[] = [];
    const tasks: string[] = before.left.map(({ who, because }) => `Look at ${who}, who was not contained: ${because}.`);
    for (const { one, part } of pairs(before).reverse()) {
      const given = await part.release(state(one, part), about(context, one.kind, one.arn), options);
      restored.push(...given.restored.map((text) => `${one.arn}: ${text}`));
      tasks.push(...given.tasks.map((text) => `${one.arn}: ${text}`));
    }
    return { restored, tasks };
  },

  async verifyReleased(before, context, options) {
    const readings = await Promise.all(
      pairs(before).map(async ({ one, part }) => ({
        one,
        ...(await part.verifyReleased(state(one, part), about(context, one.kind, one.arn), options)),
      })),
    );
    const wrong = readings.filter(({ ok }) => !ok);
    if (wrong.length > 0) {
      return { ok: false, observed: wrong.map(({ one, observed }) => `${one.arn}: ${observed}`).join('; ') };
    }
    return { ok: true, observed: `${before.contained.length} principal(s) who made it are as before` };
  },
});

/** Who is contained, or the sentence that says why not. That somebody does not exist is believed when it is said again after a moment. */
async function why(
  maker: Maker,
  context: ActionContext,
  aMoment: () => Promise<void>,
): Promise<Pick<Contained, 'kind' | 'arn'> | string> {
  const { kind, id } = maker;
  const settings = guardRailSettings();
  const account = /^arn:[^:]+:(?:iam|sts)::(\d{12}):/.exec(id)?.[1] ?? context.target.account;
  if (kind === 'other') {
    const verdict = checkGuardRails(
      { target: { ...context.target, kind: 'root', id, account }, arns: [], networks: [] },
      settings,
    );
    return id.endsWith(':root') && !verdict.allowed
      ? verdict.because
      : 'it is neither a user nor a role: look in CloudTrail where it came from';
  }
  const target = { ...context.target, kind, id, account };
  const alone = checkGuardRails({ target, arns: [], networks: [] }, settings);
  if (!alone.allowed) return alone.because;
  const read = () => (kind === 'user' ? userSubject : roleSubject)({ target, aws: context.aws });
  try {
    const subject = await read().catch(async (error: unknown) => {
      if (!isGone(error)) throw error;
      await aMoment();
      return read();
    });
    const verdict = checkGuardRails({ target, ...subject }, settings);
    return verdict.allowed ? { kind, arn: subject.arns[0] ?? id } : verdict.because;
  } catch (error) {
    // The one benign reason: it was deleted since.
    if (isGone(error)) return error.message;
    throw error;
  }
}

function isGone(error: unknown): error is Error {
  return error instanceof Error && isNamed(error.cause, 'NoSuchEntity', 'NoSuchEntityException');
}

async function readParts(one: Pick<Contained, 'kind' | 'arn'>, context: ActionContext) {
  const there = about(context, one.kind, one.arn);
  const read = await Promise.all(partsOf(one).map(async (part) => [part.id, await part.read(there)] as const));
  return Object.fromEntries(read);
}

function partsOf({ kind }: Pick<Contained, 'kind'>): readonly Action[] {
  return kind === 'user' ? disableAccessKey.actions : revokeRoleSessions.actions;
}

function pairs({ contained }: Before): { readonly one: Contained; readonly part: Action }[] {
  return contained.flatMap((one) =>
    partsOf(one)
      .filter(({ id }) => id in one.before)
      .map((part) => ({ one, part })),
  );
}

function state(one: Contained, part: Action): JsonObject {
  return one.before[part.id] ?? {};
}

/** Names are unique in an account, whatever the path. */
function nameOf(arn: string): string {
  return arn.replace(/:(user|role)\/(?:.*\/)?/, ':$1/');
}

/** What of this ends with people: whoever is left out, or that nobody is known at all. */
function notContained({ contained, left }: Before, { target }: ActionContext): string[] {
  if (contained.length + left.length > 0) {
    return left.map(({ who, because }) => `${who} made it and is not contained: ${because}`);
  }
  return [
    `who made ${target.id} is not known, neither an alert nor CloudTrail of the last 24 hours says it: ${byHand(target)}`,
  ];
}

/** Whoever was pushed out of what is read is not passed over in silence. */
function unread({ target }: ActionContext, before: string): Before['left'][number] {
  return {
    who: `whoever had a part in it before ${before}`,
    because: `CloudTrail has more events of the last 24 hours that name ${target.id} than were read, newest first: ${byHand(target)}`,
  };
}

function byHand({ id }: Target): string {
  const UserName = id.split('/').at(-1) ?? '';
  return `find out (aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue=${UserName}), and contain a user with disable-access-key, a role with revoke-role-sessions`;
}
