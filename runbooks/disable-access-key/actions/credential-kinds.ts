import {
  IAMClient,
  ListAccessKeysCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  UpdateAccessKeyCommand,
  UpdateServiceSpecificCredentialCommand,
  UpdateSigningCertificateCommand,
  UpdateSSHPublicKeyCommand,
} from '@aws-sdk/client-iam';
import { facts } from '../facts';
import { allPages, userName } from './user';
import type { Credential, CredentialKind } from './credentials';

const credential = (id: string | undefined, status: string | undefined): Credential => ({
  id: id ?? 'unknown',
  status: status ?? 'unknown',
});

const taskOf = (id: string): string => facts.actions.find((candidate) => candidate.id === id)?.task ?? '';

/** Without `UserName` IAM takes the user of the caller's own key: it is always given. */
export const accessKeys: CredentialKind = {
  actionId: 'deactivate-access-keys',
  what: 'access keys',
  call: 'iam:UpdateAccessKey',
  task: taskOf('deactivate-access-keys'),
  async list(context) {
    const UserName = userName(context);
    const keys = await allPages(
      (Marker) => context.aws.of(IAMClient).send(new ListAccessKeysCommand({ UserName, Marker })),
      (page) => page.AccessKeyMetadata,
    );
    return keys.map((key) => credential(key.AccessKeyId, key.Status));
  },
  async set(context, AccessKeyId, Status) {
    await context.change
      .of(IAMClient)
      .send(new UpdateAccessKeyCommand({ UserName: userName(context), AccessKeyId, Status }));
  },
};

export const serviceCredentials: CredentialKind = {
  actionId: 'deactivate-service-credentials',
  what: 'service-specific credentials',
  call: 'iam:UpdateServiceSpecificCredential',
  task: taskOf('deactivate-service-credentials'),
  async list(context) {
    const UserName = userName(context);
    const found = await allPages(
      (Marker) => context.aws.of(IAMClient).send(new ListServiceSpecificCredentialsCommand({ UserName, Marker })),
      (page) => page.ServiceSpecificCredentials,
    );
    return found.map((item) => credential(item.ServiceSpecificCredentialId, item.Status));
  },
  async set(context, ServiceSpecificCredentialId, Status) {
    await context.change.of(IAMClient).send(
      new UpdateServiceSpecificCredentialCommand({
        UserName: userName(context),
        ServiceSpecificCredentialId,
        Status,
      }),
    );
  },
};

export const signingCertificates: CredentialKind = {
  actionId: 'deactivate-signing-certificates',
  what: 'signing certificates',
  call: 'iam:UpdateSigningCertificate',
  task: taskOf('deactivate-signing-certificates'),
  async list(context) {
    const UserName = userName(context);
    const found = await allPages(
      (Marker) => context.aws.of(IAMClient).send(new ListSigningCertificatesCommand({ UserName, Marker })),
      (page) => page.Certificates,
    );
    return found.map((item) => credential(item.CertificateId, item.Status));
  },
  async set(context, CertificateId, Status) {
    await context.change
      .of(IAMClient)
      .send(new UpdateSigningCertificateCommand({ UserName: userName(context), CertificateId, Status }));
  },
};

export const sshKeys: CredentialKind = {
  actionId: 'deactivate-ssh-keys',
  what: 'SSH public keys',
  call: 'iam:UpdateSSHPublicKey',
  task: taskOf('deactivate-ssh-keys'),
  async list(context) {
    const UserName = userName(context);
    const found = await allPages(
      (Marker) => context.aws.of(IAMClient).send(new ListSSHPublicKeysCommand({ UserName, Marker })),
      (page) => page.SSHPublicKeys,
    );
    return found.map((item) => credential(item.SSHPublicKeyId, item.Status));
  },
  async set(context, SSHPublicKeyId, Status) {
    await context.change
      .of(IAMClient)
      .send(new UpdateSSHPublicKeyCommand({ UserName: userName(context), SSHPublicKeyId, Status }));
  },
};
