import { canonicalJson } from '../../../lib/model/canonical-json';
import type { Containment } from '../../../lib/model/containment';
import { sha256 } from '../../../lib/model/ids';
import { version } from '../../../package.json';
import type { VaultObject } from '../../shared/vault';

/** What is known about one piece of evidence. */
export interface EvidenceEntry {
  readonly name: string;
  /** The exact call that gave it. */
  readonly call: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** ARN of who collected it. */
  readonly collector: string;
  /** ARN of the execution. */
  readonly execution: string;
  readonly object: VaultObject;
}

/** Chain of custody: one entry for each item, each with the hash of the one before. */
export function manifestOf(containment: Containment, entries: readonly EvidenceEntry[]) {
  let previousHash = sha256(containment.id);
  const items = entries.map((entry) => {
    const unhashed = {
      id: `${containment.id}/${containment.generation}/${entry.name}`,
      incidentId: containment.incidentId,
      containmentId: containment.id,
      generation: containment.generation,
      source: containment.target.id,
      collector: entry.collector,
      execution: entry.execution,
      at: entry.at,
      call: entry.call,
      tool: `firebreak ${version}`,
      key: entry.object.key,
      versionId: entry.object.versionId,
      sha256: entry.object.sha256,
      previousHash,
    };
    const item = { ...unhashed, hash: sha256(canonicalJson(unhashed)) };
    previousHash = item.hash;
    return item;
  });
  return { schemaVersion: 1, containmentId: containment.id, target: containment.target, items, head: previousHash };
}

/** In the order in which the runbook names them, so that the chain is the same whatever came back first. */
export function inOrder(entries: readonly EvidenceEntry[], names: readonly string[]): EvidenceEntry[] {
  return [...entries].sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}
