import type { Problems } from './problems';
import { didYouMean } from './suggest';
import type { Entry, Tree, TreeMap } from './yaml';

const ACTIONS = ['global', 'reset', 'repeat'];

/**
 * The whole documents of a file. `action: global` is merged into all that follow (several add up), `reset` ends
 * that, `repeat` is the document before with changes. What a document says itself wins. Source: Sigma's rule
 * collections, which version 2 keeps for files that have them; new files write each rule out.
 */
export function expandCollection(documents: readonly Tree[], problems: Problems): Tree[] {
  const whole: Tree[] = [];
  let common: TreeMap | undefined;
  let previous: TreeMap | undefined;
  for (const document of documents) {
    if (document.kind !== 'map') {
      whole.push(document);
      continue;
    }
    const entry = document.entries.find(({ key }) => key === 'action');
    const own: TreeMap =
      entry === undefined ? document : { ...document, entries: document.entries.filter((part) => part !== entry) };
    const written = entry?.value.kind === 'scalar' ? String(entry.value.value) : '';
    const action = entry === undefined ? 'none' : written;
    switch (action) {
      case 'none':
        previous = own;
        whole.push(merge(common, own));
        break;
      case 'global':
        common = merge(common, own);
        break;
      case 'reset':
        common = undefined;
        break;
      case 'repeat':
        if (previous === undefined) {
          problems.add(document, "'action: repeat' needs a rule before it in the same file");
          break;
        }
        previous = merge(previous, own);
        whole.push(merge(common, previous));
        break;
      default:
        problems.add(
          entry?.value ?? document,
          `'action' must be one of ${ACTIONS.join(', ')}, got '${action}'${didYouMean(action, ACTIONS)}`,
        );
    }
  }
  return whole;
}

/** Maps are merged key by key, anything else is replaced. The place is that of the later document. */
function merge(base: TreeMap | undefined, over: TreeMap): TreeMap {
  if (base === undefined) return over;
  const entries = new Map<string, Entry>(base.entries.map((entry) => [entry.key, entry]));
  for (const entry of over.entries) {
    const known = entries.get(entry.key);
    const value =
      known?.value.kind === 'map' && entry.value.kind === 'map' ? merge(known.value, entry.value) : entry.value;
    entries.set(entry.key, { ...entry, value });
  }
  return { ...over, entries: [...entries.values()] };
}
