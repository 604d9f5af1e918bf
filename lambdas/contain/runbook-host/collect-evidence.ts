import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { errorText, isNamed } from '../../shared/aws-error';
import { appendOnce, isMarked } from '../../shared/store/append-once';
import { queryPrefix } from '../../shared/store/query-all';
import { containmentKey } from '../../shared/store/table';
import { putLocked, type VaultObject } from '../../shared/vault';
import { attemptMark, boundedLines, containEntry } from '../shared/containment-timeline';
import type { EvidenceItem, EvidenceSource } from './action';
import { collector } from './collector';
import { inOrder, manifestOf, type EvidenceEntry } from './manifest';
import { persist } from './patience';
import type { Run } from './run';

/** A slow answer must not keep the attack running. */
const ITEM_MS = 30_000;
/** So many at once: CloudTrail and IAM throttle early. */
const AT_ONCE = 4;
const ENDINGS: Readonly<Record<EvidenceItem['contentType'], string>> = {
  'application/json': 'json',
  'image/jpeg': 'jpg',
  'text/plain': 'txt',
};

/**
 * Collects what the runbook names, most volatile first, each item by itself; what was collected before in this
 * generation is not collected again. Ends with a locked manifest in which each entry hashes the one before it.
 */
export async function collectEvidence(run: Run, execution: string): Promise<string> {
  const known = await readEntries(run);
  const missing = run.runbook.evidence.filter(({ name }) => !known.some((entry) => entry.name === name));
  const queue = [...missing];
  const collected: EvidenceEntry[] = [];
  const worker = async () => {
    for (let source = queue.shift(); source; source = queue.shift()) {
      const entry = await collectOne(run, source, execution);
      if (entry) collected.push(entry);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const entries = inOrder(
    [...known, ...collected],
    run.runbook.evidence.map(({ name }) => name),
  );
  await writeManifest(run, entries);
  return `${entries.length} of ${run.runbook.evidence.length} items`;
}

async function collectOne(run: Run, source: EvidenceSource, execution: string): Promise<EvidenceEntry | undefined> {
  const { containment } = run;
  try {
    const item = await withinTime(persist(() => source.collect(run.context), { for: ITEM_MS }));
    const object = await putLocked({
      key: `evidence/${containment.incidentId}/${containment.id}/${containment.generation}/${source.name}.${ENDINGS[item.contentType]}`,
      body: item.body,
      contentType: item.contentType,
    });
    const entry: EvidenceEntry = {
      name: source.name,
      call: item.call,
      at: new Date().toISOString(),
      collector: await collector(),
      execution,
      object,
    };
    if (item.missing !== undefined) await tell(run, source, `'${source.name}' is not complete: ${item.missing}`);
    return await keepEntry(run, entry);
  } catch (error) {
    await tell(run, source, `Could not collect '${source.name}': ${errorText(error)}`);
    return undefined;
  }
}

async function tell(run: Run, source: EvidenceSource, text: string): Promise<void> {
  const { containment, table, by } = run;
  await appendOnce(table, containment.incidentId, attemptMark(containment, `evidence-failed#${source.name}`), [
    containEntry(containment, 'evidence-failed', text, by, { item: source.name }),
  ]);
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ITEM_MS / 1000} s`)), ITEM_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function writeManifest(run: Run, entries: readonly EvidenceEntry[]): Promise<void> {
  const { containment, table } = run;
  // Entries are only ever added: as many as before means that this manifest lies there already.
  const mark = `${containment.id}#${containment.generation}#evidence#${entries.length}`;
  if (entries.length === 0 || (await isMarked(table, containment.incidentId, mark))) return;
  const manifest = await putLocked({
    key: `evidence/${containment.incidentId}/${containment.id}/${containment.generation}/manifest.json`,
    body: JSON.stringify(manifestOf(containment, entries), null, 2),
    contentType: 'application/json',
  });
  const objects = within3Kb([manifest, ...entries.map(({ object }) => object)]);
  await appendOnce(table, containment.incidentId, mark, [
    containEntry(
      containment,
      'evidence-collected',
      `Collected ${entries.length} of ${run.runbook.evidence.length} pieces of evidence`,
      run.by,
      { manifest: manifest.key, items: boundedLines(entries.map(({ name }) => name)), objects },
    ),
  ]);
}

/** The manifest names them all; the timeline as many as it holds. */
function within3Kb(objects: readonly VaultObject[]) {
  const kept: { key: string; versionId?: string; sha256: string }[] = [];
  for (const object of objects) {
    if (JSON.stringify([...kept, object]).length > 2_500) break;
    kept.push({ ...object });
  }
  return kept;
}

const prefixOf = (run: Run) => `EVIDENCE#${run.containment.generation}#`;

/** Written once: the object that it names is the one that counts. */
async function keepEntry(run: Run, entry: EvidenceEntry): Promise<EvidenceEntry> {
  try {
    await run.table.client.send(
      new PutCommand({
        TableName: run.table.name,
        Item: { pk: containmentKey(run.containment.id).pk, sk: `${prefixOf(run)}${entry.name}`, entry },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return entry;
  } catch (error) {
    if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    const first = (await readEntries(run)).find(({ name }) => name === entry.name);
    return first ?? entry;
  }
}

async function readEntries(run: Run): Promise<EvidenceEntry[]> {
  const items = await queryPrefix(run.table, containmentKey(run.containment.id).pk, prefixOf(run));
  return items.map((item) => item['entry'] as EvidenceEntry);
}
