import { randomBytes } from 'node:crypto';

/** What IAM answers, in its query protocol. */
export interface IamAnswer {
  readonly status: number;
  readonly body: string;
}

interface Kind {
  readonly create: string;
  readonly list: string;
  readonly update: string;
  readonly remove: string;
  /** The element around all, and the one that create gives. */
  readonly container: string;
  readonly element: string;
  readonly id: string;
  readonly prefix: string;
}

const KINDS: readonly Kind[] = [
  {
    create: 'UploadSSHPublicKey',
    list: 'ListSSHPublicKeys',
    update: 'UpdateSSHPublicKey',
    remove: 'DeleteSSHPublicKey',
    container: 'SSHPublicKeys',
    element: 'SSHPublicKey',
    id: 'SSHPublicKeyId',
    prefix: 'APKA',
  },
  {
    create: 'UploadSigningCertificate',
    list: 'ListSigningCertificates',
    update: 'UpdateSigningCertificate',
    remove: 'DeleteSigningCertificate',
    container: 'Certificates',
    element: 'Certificate',
    id: 'CertificateId',
    prefix: 'ASCA',
  },
  {
    create: 'CreateServiceSpecificCredential',
    list: 'ListServiceSpecificCredentials',
    update: 'UpdateServiceSpecificCredential',
    remove: 'DeleteServiceSpecificCredential',
    container: 'ServiceSpecificCredentials',
    element: 'ServiceSpecificCredential',
    id: 'ServiceSpecificCredentialId',
    prefix: 'ACCA',
  },
];

interface Credential {
  readonly user: string;
  readonly id: string;
  status: string;
}

/**
 * Three kinds of IAM credentials that MiniStack does not know: SSH public keys, signing certificates and
 * service-specific credentials. Only what a containment reads and changes: who has which, and whether it is active.
 */
export class IamCredentials {
  readonly #kept = new Map<Kind, Credential[]>();

  /** The answer to an operation of these kinds, undefined for every other one. */
  answer(operation: string, parameters: URLSearchParams): IamAnswer | undefined {
    const kind = KINDS.find((candidate) =>
      [candidate.create, candidate.list, candidate.update, candidate.remove].includes(operation),
    );
    if (!kind) return undefined;
    const user = parameters.get('UserName') ?? '';
    const all = this.#kept.get(kind) ?? [];
    this.#kept.set(kind, all);
    if (operation === kind.list) {
      const members = all
        .filter((credential) => credential.user === user)
        .map((credential) => `<member>${xml(kind, credential)}</member>`);
      return ok(
        operation,
        `<${kind.container}>${members.join('')}</${kind.container}><IsTruncated>false</IsTruncated>`,
      );
    }
    if (operation === kind.create) {
      const made = { user, id: `${kind.prefix}${randomBytes(8).toString('hex').toUpperCase()}`, status: 'Active' };
      all.push(made);
      return ok(operation, `<${kind.element}>${xml(kind, made)}</${kind.element}>`);
    }
    const index = all.findIndex((credential) => credential.user === user && credential.id === parameters.get(kind.id));
    const found = all[index];
    if (!found) return missing(user);
    if (operation === kind.remove) all.splice(index, 1);
    else found.status = parameters.get('Status') ?? found.status;
    return ok(operation, '');
  }

  reset(): void {
    this.#kept.clear();
  }
}

function xml(kind: Kind, credential: Credential): string {
  return `<UserName>${credential.user}</UserName><${kind.id}>${credential.id}</${kind.id}><Status>${credential.status}</Status>`;
}

function ok(operation: string, result: string): IamAnswer {
  return {
    status: 200,
    body: `<${operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>embedded</RequestId></ResponseMetadata></${operation}Response>`,
  };
}

function missing(user: string): IamAnswer {
  return {
    status: 404,
    body: `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>User ${user} has no such credential.</Message></Error><RequestId>embedded</RequestId></ErrorResponse>`,
  };
}
