import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { type AwsApi } from './api';
import { resolveIn, type Resolver, type Template } from './template';

/** A resource of a deployed stack: what the template asks for, and what it became. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` gives: a name, URL or ARN. */
  readonly physicalId: string;
  /** The template's properties, with references resolved as far as that can be done from outside. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface DeployedStack {
  readonly name: string;
  readonly resources: readonly DeployedResource[];
  ofType(type: string): DeployedResource[];
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<string, { type: string; displayName?: string; properties?: { templateFile?: string; stackName?: string } }>
  >;
}

/** Joins a stack's template in the cloud assembly with the physical ids that CloudFormation knows. */
export async function deployedStack(api: AwsApi, assembly: string, stack: string): Promise<DeployedStack> {
  const manifest = JSON.parse(await readFile(join(assembly, 'manifest.json'), 'utf8')) as Manifest;
  const names = Object.entries(manifest.artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const artifact = names.find(([id, { properties }]) => id === stack || properties?.stackName === stack);
  if (artifact === undefined) {
    throw new Error(`${assembly} has no stack ${stack}; it has ${names.map(([id]) => id).join(', ') || 'none'}`);
  }
  const file = artifact[1].properties?.templateFile ?? `${artifact[0]}.template.json`;
  const template = JSON.parse(await readFile(join(assembly, file), 'utf8')) as Template;
  return joinStack(api, artifact[1].properties?.stackName ?? artifact[0], template);
}

/** The same for a template at hand. */
export async function joinStack(api: AwsApi, name: string, template: Template): Promise<DeployedStack> {
  const physical = new Map<string, string>();
  for await (const page of paginateListStackResources({ client: api.stacks }, { StackName: name })) {
    for (const { LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
      if (LogicalResourceId && PhysicalResourceId) physical.set(LogicalResourceId, PhysicalResourceId);
    }
  }
  const resolver: Resolver = { template, physical, region: api.region, account: api.account, stackName: name };
  const resources = [...physical].flatMap(([logicalId, physicalId]) => {
    const resource = template.Resources[logicalId];
    if (resource === undefined) return [];
    const properties = resolveIn(resolver, resource.Properties ?? {}) as Record<string, unknown>;
    return [{ logicalId, type: resource.Type, physicalId, properties }];
  });
  return { name, resources, ofType: (type) => resources.filter((resource) => resource.type === type) };
}
