import { DescribeIamInstanceProfileAssociationsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient, ListInstanceProfilesForRoleCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { guardRailSettings } from '../../../lambdas/contain/shared/guard-settings';
import type { ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { AwsClients } from '../../../lambdas/shared/aws-clients';
import { errorText } from '../../../lambdas/shared/aws-error';
import { allPages } from '../../disable-access-key/actions/user';
import type { FoundRole } from './role';
import { readTrust } from './trust';

/** Names in one line; the evidence has them all. */
const NAMED = 5;
/** 50 functions a page. Whoever has more is told that there are more. */
const FUNCTION_PAGES = 20;

/** What runs with a role, in the Region of the stack: what stops when its sessions are denied. */
export interface Users {
  readonly instances: readonly string[];
  readonly functions: readonly string[];
  /** What could not be looked up, and why. */
  readonly unknown: readonly string[];
}

/**
 * Looks who uses a role. A plan must say it, and a containment must not fail for it: what cannot be looked up is named
 * as unknown.
 */
export async function usersOf(context: ActionContext, role: FoundRole): Promise<Users> {
  const { region } = guardRailSettings();
  // A role has no Region; what runs with it does.
  const aws = region === context.target.region ? context.aws : new AwsClients(region);
  const { services } = readTrust(role.trust);
  const trusts = (name: string) => services.some((service) => service.startsWith(`${name}.`));
  const unknown: string[] = [];
  const look = async (what: string, work: () => Promise<string[]>) => {
    try {
      return await work();
    } catch (error) {
      unknown.push(`${what}: ${errorText(error)}`);
      return [];
    }
  };
  const [instances, functions] = await Promise.all([
    trusts('ec2') ? look('instances', () => instancesOf(context, aws, role)) : [],
    trusts('lambda') ? look('functions', () => functionsOf(aws, role)) : [],
  ]);
  for (const service of services.filter((name) => !/^(?:ec2|lambda)\./.test(name))) {
    unknown.push(`what runs with it at ${service} is not looked up`);
  }
  return { instances, functions, unknown };
}

/** The same in a few words; empty where nothing is known to use it. */
export function usersText({ instances, functions, unknown }: Users): string[] {
  return [
    ...(instances.length > 0 ? [`${instances.length} instance(s): ${first(instances)}`] : []),
    ...(functions.length > 0 ? [`${functions.length} function(s): ${first(functions)}`] : []),
    ...unknown,
  ];
}

function first(names: readonly string[]): string {
  return `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ' …' : ''}`;
}

async function instancesOf(context: ActionContext, aws: AwsClients, role: FoundRole): Promise<string[]> {
  const profiles = await allPages(
    (Marker) => context.aws.of(IAMClient).send(new ListInstanceProfilesForRoleCommand({ RoleName: role.name, Marker })),
    (page) => page.InstanceProfiles,
  );
  // Names of profiles are unique in an account, whatever their path.
  const names = new Set(profiles.map(({ InstanceProfileName }) => InstanceProfileName));
  if (names.size === 0) return [];
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await aws.of(EC2Client).send(new DescribeIamInstanceProfileAssociationsCommand({ NextToken }));
    for (const { InstanceId, IamInstanceProfile } of page.IamInstanceProfileAssociations ?? []) {
      if (InstanceId !== undefined && names.has(IamInstanceProfile?.Arn?.split('/').at(-1))) found.push(InstanceId);
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found.sort();
}

async function functionsOf(aws: AwsClients, role: FoundRole): Promise<string[]> {
  const found: string[] = [];
  let Marker: string | undefined;
  for (let page = 0; page < FUNCTION_PAGES; page++) {
    const answer = await aws.of(LambdaClient).send(new ListFunctionsCommand({ Marker }));
    for (const { FunctionName, Role } of answer.Functions ?? []) {
      if (Role === role.arn && FunctionName !== undefined) found.push(FunctionName);
    }
    Marker = answer.NextMarker;
    if (Marker === undefined) return found.sort();
  }
  throw new Error(`there are more than ${FUNCTION_PAGES * 50} functions; ${found.length} of the first use it`);
}
