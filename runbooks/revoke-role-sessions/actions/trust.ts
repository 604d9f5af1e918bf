import { isJsonObject, type Json, type JsonObject } from '../../../lib/model/json';

/** Who may get new sessions of a role, read from its trust policy. */
export interface Trust {
  /** AWS services, e.g. `ec2.amazonaws.com`. They hand out new sessions by themselves, to what runs there. */
  readonly services: string[];
  /** Users, roles, accounts, everybody, and identity providers: whoever had a session can ask for the next one. */
  readonly others: string[];
}

/** Pods of EKS come by an identity provider, and are workloads as a service's are. */
const EKS_PROVIDER = /:oidc-provider\/oidc\.eks\./;

/**
 * Reads a trust policy. What is not understood counts as somebody who can assume the role again: then more is denied,
 * never less.
 */
export function readTrust(document: string): Trust {
  const services = new Set<string>();
  const others = new Set<string>();
  for (const statement of statements(document)) {
    if (statement['Effect'] !== 'Allow') continue;
    const principal = statement['Principal'];
    if (!isJsonObject(principal)) {
      others.add(typeof principal === 'string' ? principal : 'everybody but those whom a NotPrincipal names');
      continue;
    }
    for (const [kind, value] of Object.entries(principal)) {
      for (const name of texts(value)) (isWorkload(kind, name) ? services : others).add(name);
    }
  }
  return { services: [...services].sort(), others: [...others].sort() };
}

function isWorkload(kind: string, name: string): boolean {
  return kind === 'Service' || (kind === 'Federated' && EKS_PROVIDER.test(name));
}

function statements(document: string): JsonObject[] {
  const { Statement } = JSON.parse(document) as { Statement?: Json };
  return (Array.isArray(Statement) ? Statement : [Statement]).filter(isJsonObject);
}

function texts(value: Json | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
}
