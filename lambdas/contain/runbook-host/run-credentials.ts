import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@aws-sdk/types';
import { sha256 } from '../../../lib/model/ids';
import type { JsonObject } from '../../../lib/model/json';
import { AwsClients } from '../../shared/aws-clients';
import { requireEnv } from '../../shared/require-env';
import { boundedLines } from '../shared/containment-timeline';
import { guardRailSettings } from '../shared/guard-settings';
import type { Action, ChangeContext, Step } from './action';
import type { Run } from './run';
import { SessionClients } from './session-clients';
import { sessionPolicy, type SessionPolicy } from './session-policy';

/** The shortest that STS gives. No action takes longer: its function is ended before. */
const SESSION_SECONDS = 900;

/** Of a timeline record, which holds changes and tasks as well. */
const ALLOWED_CHARACTERS = 800;

const ROLE_OF: Readonly<Record<Step, string>> = { contain: 'CONTAIN_ROLE_ARN', release: 'RELEASE_ROLE_ARN' };

/**
 * What one step of one action may do, by all states that are given: what was written down, and what was read since.
 *
 * @throws Error as `sessionPolicy` does.
 */
export function policyOf(
  run: Run,
  action: Action,
  step: Step,
  states: readonly JsonObject[],
): SessionPolicy | undefined {
  const { context } = run;
  const settings = guardRailSettings();
  return sessionPolicy(
    states.flatMap((before) => action.permissions(before, context, step)),
    {
      action: action.id,
      values: { ...context.parameters, account: settings.account, region: settings.region },
      settings,
    },
  );
}

/** What a run was allowed, for the timeline; the policy itself is known by its hash. */
export function allowedDetails(policy: SessionPolicy | undefined): JsonObject {
  if (!policy) return {};
  return { allowed: boundedLines(policy.allowed, ALLOWED_CHARACTERS), policySha256: policy.sha256 };
}

/**
 * Adds clients whose credentials are made for this step alone, at the first call that changes something: where nothing
 * is to be changed, nobody ever holds them. They are kept nowhere but in memory, and for no other action.
 */
export function changing(run: Run, action: Action, step: Step, policy: SessionPolicy | undefined): ChangeContext {
  const { context } = run;
  const { region } = context.target;
  const nothing = () =>
    Promise.reject(new Error(`action '${action.id}' changes something, and named nothing that it may change`));
  const sessions = policy?.documents.map((document) => new AwsClients(region, assuming(run, action, step, document)));
  return { ...context, change: sessions ? new SessionClients(region, sessions) : new AwsClients(region, nothing) };
}

/** Assumes at the first call, once for all clients. */
function assuming(run: Run, action: Action, step: Step, document: string): AwsCredentialIdentityProvider {
  let session: Promise<AwsCredentialIdentity> | undefined;
  return () => {
    session ??= assume(run, action, step, document).catch((error: unknown) => {
      // What passes by itself is tried again by whoever asks.
      session = undefined;
      throw error;
    });
    return session;
  };
}

async function assume(run: Run, action: Action, step: Step, document: string): Promise<AwsCredentialIdentity> {
  const { containment, context } = run;
  const { Credentials } = await context.aws.of(STSClient).send(
    new AssumeRoleCommand({
      RoleArn: requireEnv(ROLE_OF[step]),
      // Both stand in CloudTrail beside every call: which containment made it, and for which incident.
      RoleSessionName: containment.id,
      SourceIdentity: containment.incidentId,
      DurationSeconds: SESSION_SECONDS,
      Policy: document,
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new Error(`STS gave no credentials for action '${action.id}'`);
  }
  console.log({
    message: 'credentials for one action',
    containmentId: containment.id,
    action: action.id,
    step,
    policySha256: sha256(document),
    policyCharacters: document.length,
  });
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration && { expiration: Expiration }),
  };
}
