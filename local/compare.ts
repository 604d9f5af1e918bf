import { type AwsApi } from './api';
import { DESCRIBERS } from './compare/describers';
import { placesOf } from './compare/places';
import { sameValue } from './compare/same-value';
import { type DeployedResource, type DeployedStack } from './stack';
import { hasUnknown } from './template';

/** A property of which the template says one thing and the API another. */
export interface Difference {
  readonly logicalId: string;
  readonly type: string;
  /** As exact as it can be told, for example `Environment.Variables.INCIDENT_TABLE`. */
  readonly property: string;
  readonly template: unknown;
  readonly api: unknown;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** How many properties were the same. */
  readonly same: number;
  /** Resources of a type that nobody describes here, and properties whose value only CloudFormation knows. */
  readonly notCompared: readonly { readonly logicalId: string; readonly type: string; readonly property?: string }[];
}

/**
 * Compares what the synthesised template says with what the API returns after a deployment. An emulator may accept a
 * property and drop it, and a test on it would then be green for the wrong reason.
 */
export async function compareStack(stack: DeployedStack, api: AwsApi): Promise<Comparison> {
  const parts = await Promise.all(stack.resources.map((resource) => compareResource(resource, api)));
  return {
    differences: parts.flatMap(({ differences }) => differences),
    same: parts.reduce((sum, { same }) => sum + same, 0),
    notCompared: parts.flatMap(({ notCompared }) => notCompared),
  };
}

async function compareResource(resource: DeployedResource, api: AwsApi): Promise<Comparison> {
  const { logicalId, type, properties } = resource;
  const describe = DESCRIBERS[type];
  if (describe === undefined) return { differences: [], same: 0, notCompared: [{ logicalId, type }] };
  const found = await describe(api, resource).catch((error: unknown) => ({ '(the resource itself)': String(error) }));
  const differences: Difference[] = [];
  const notCompared: { logicalId: string; type: string; property: string }[] = [];
  let same = 0;
  for (const [property, value] of Object.entries(found)) {
    const wanted = property.startsWith('(') ? 'exists' : at(properties, property);
    if (wanted === undefined) continue; // Left to AWS's default.
    if (hasUnknown(wanted)) notCompared.push({ logicalId, type, property });
    else if (sameValue(wanted, value)) same++;
    else for (const place of placesOf(property, wanted, value)) differences.push({ logicalId, type, ...place });
  }
  return { differences, same, notCompared };
}

/** `Environment.Variables` of a resource's properties. */
function at(properties: Readonly<Record<string, unknown>>, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], properties);
}
