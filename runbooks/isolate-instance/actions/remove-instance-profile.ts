import {
  EC2Client,
  AssociateIamInstanceProfileCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DisassociateIamInstanceProfileCommand,
  ModifyInstanceMetadataOptionsCommand,
  type HttpTokensState,
  type IamInstanceProfileAssociation,
  type InstanceMetadataEndpointState,
  type InstanceMetadataOptionsResponse,
  type InstanceMetadataProtocolState,
  type InstanceMetadataTagsState,
} from '@aws-sdk/client-ec2';
import { IAMClient, GetInstanceProfileCommand } from '@aws-sdk/client-iam';
import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { instanceId, instanceResource, readInstance } from './instance';

type Metadata = {
  readonly endpoint: string | null;
  readonly tokens: string | null;
  readonly hops: number | null;
  readonly ipv6: string | null;
  readonly tags: string | null;
};

type Before = {
  readonly profile: string | null;
  /** ARNs of the roles in the profile; absent in what earlier versions wrote down. */
  readonly roles?: string[];
  readonly metadata: Metadata;
};

/** Comes last: without the profile Systems Manager cannot reach the instance, and evidence is taken before. */
export const removeInstanceProfile = action<Before>({
  id: 'remove-instance-profile',

  async read(context) {
    const [instance, association] = await Promise.all([readInstance(context), readAssociation(context)]);
    const profile = association?.IamInstanceProfile?.Arn ?? null;
    return {
      profile,
      roles: profile === null ? [] : await readRoles(context, profile),
      metadata: metadataOf(instance.MetadataOptions),
    };
  },

  changes(before, context) {
    const resource = instanceId(context);
    return [
      ...(before.profile === null
        ? []
        : [{ call: 'ec2:DisassociateIamInstanceProfile', resource, from: before.profile, to: 'no instance profile' }]),
      ...(before.metadata.endpoint === 'disabled'
        ? []
        : [
            {
              call: 'ec2:ModifyInstanceMetadataOptions',
              resource,
              from: `metadata endpoint ${before.metadata.endpoint ?? 'enabled'}`,
              to: 'metadata endpoint disabled',
            },
          ]),
    ];
  },

  permissions(before, context, step) {
    const give = step === 'contain' ? 'ec2:DisassociateIamInstanceProfile' : 'ec2:AssociateIamInstanceProfile';
    const roles = before.roles ?? ['arn:{partition}:iam::{account}:role/*'];
    return [
      { actions: [give, 'ec2:ModifyInstanceMetadataOptions'], resources: [instanceResource(context)] },
      ...(step === 'contain' || before.profile === null || roles.length === 0
        ? []
        : [
            {
              actions: ['iam:PassRole'],
              resources: roles,
              conditions: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
            },
          ]),
    ];
  },

  async contain(_before, context) {
    const association = await readAssociation(context);
    if (association?.AssociationId !== undefined) await disassociate(context, association.AssociationId);
    const { MetadataOptions } = await readInstance(context);
    if (MetadataOptions?.HttpEndpoint === 'disabled') return;
    await context.change
      .of(EC2Client)
      .send(new ModifyInstanceMetadataOptionsCommand({ InstanceId: instanceId(context), HttpEndpoint: 'disabled' }));
  },

  async verify(_before, context) {
    const [instance, association] = await Promise.all([readInstance(context), readAssociation(context)]);
    const options = instance.MetadataOptions;
    const wrong = [
      ...(association ? [`the profile ${association.IamInstanceProfile?.Arn ?? ''} is still there`] : []),
      ...(options?.HttpEndpoint === 'disabled' ? [] : ['the metadata endpoint is enabled']),
      ...(options?.State === 'pending' ? ['the metadata options are not applied yet'] : []),
    ];
    if (wrong.length > 0) return { ok: false, observed: wrong.join('; ') };
    return { ok: true, observed: 'the instance has no role, and its metadata endpoint is off' };
  },

  async release(before, context) {
    const restored: string[] = [];
    const { endpoint, tokens, hops, ipv6, tags } = before.metadata;
    const now = metadataOf((await readInstance(context)).MetadataOptions);
    if (endpoint !== null && !sameMetadata(now, before.metadata)) {
      await context.change.of(EC2Client).send(
        new ModifyInstanceMetadataOptionsCommand({
          InstanceId: instanceId(context),
          HttpEndpoint: endpoint as InstanceMetadataEndpointState,
          // EC2 takes the other options only together with an enabled endpoint.
          ...(endpoint === 'enabled' && {
            ...(tokens !== null && { HttpTokens: tokens as HttpTokensState }),
            ...(hops !== null && { HttpPutResponseHopLimit: hops }),
            ...(ipv6 !== null && { HttpProtocolIpv6: ipv6 as InstanceMetadataProtocolState }),
            ...(tags !== null && { InstanceMetadataTags: tags as InstanceMetadataTagsState }),
          }),
        }),
      );
      restored.push(`metadata endpoint ${endpoint}`);
    }
    if (before.profile === null) return { restored, tasks: [] };
    const association = await readAssociation(context);
    if (association?.IamInstanceProfile?.Arn === before.profile) return { restored, tasks: [] };
    if (association) {
      return {
        restored,
        tasks: [
          `The instance got another profile meanwhile (${association.IamInstanceProfile?.Arn ?? ''}); it had ${before.profile}.`,
        ],
      };
    }
    await context.change.of(EC2Client).send(
      new AssociateIamInstanceProfileCommand({
        InstanceId: instanceId(context),
        IamInstanceProfile: { Arn: before.profile },
      }),
    );
    restored.push(`instance profile ${before.profile}`);
    return { restored, tasks: [] };
  },

  async verifyReleased(before, context) {
    const [instance, association] = await Promise.all([readInstance(context), readAssociation(context)]);
    const options = instance.MetadataOptions;
    const wrong = [
      ...(sameMetadata(metadataOf(options), before.metadata) ? [] : ['the metadata options are not as before']),
      ...(options?.State === 'pending' ? ['the metadata options are not applied yet'] : []),
      ...(before.profile !== null && !association ? ['the instance profile is not back yet'] : []),
    ];
    if (wrong.length > 0) return { ok: false, observed: wrong.join('; ') };
    return { ok: true, observed: 'instance profile and metadata options are as before' };
  },
});

async function disassociate(context: ChangeContext, AssociationId: string): Promise<void> {
  try {
    await context.change.of(EC2Client).send(new DisassociateIamInstanceProfileCommand({ AssociationId }));
  } catch (error) {
    // Gone already; reading back tells.
    if (!isNamed(error, 'NoSuchAssociation', 'InvalidAssociationID.NotFound')) throw error;
  }
}

async function readRoles(context: ActionContext, profile: string): Promise<string[]> {
  const { InstanceProfile } = await context.aws
    .of(IAMClient)
    .send(new GetInstanceProfileCommand({ InstanceProfileName: profile.split('/').at(-1) }));
  return (InstanceProfile?.Roles ?? []).map(({ Arn }) => Arn).filter((arn) => arn !== undefined);
}

/** The association that gives the instance its role now; one that is being taken away does not count. */
async function readAssociation(context: ActionContext): Promise<IamInstanceProfileAssociation | undefined> {
  const { IamInstanceProfileAssociations } = await context.aws.of(EC2Client).send(
    new DescribeIamInstanceProfileAssociationsCommand({
      Filters: [{ Name: 'instance-id', Values: [instanceId(context)] }],
    }),
  );
  return IamInstanceProfileAssociations?.find(({ State }) => State === 'associating' || State === 'associated');
}

function metadataOf(options: InstanceMetadataOptionsResponse | undefined): Metadata {
  return {
    endpoint: options?.HttpEndpoint ?? null,
    tokens: options?.HttpTokens ?? null,
    hops: options?.HttpPutResponseHopLimit ?? null,
    ipv6: options?.HttpProtocolIpv6 ?? null,
    tags: options?.InstanceMetadataTags ?? null,
  };
}

function sameMetadata(a: Metadata, b: Metadata): boolean {
  return (
    a.endpoint === b.endpoint && a.tokens === b.tokens && a.hops === b.hops && a.ipv6 === b.ipv6 && a.tags === b.tags
  );
}
