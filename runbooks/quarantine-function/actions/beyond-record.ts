import type { JsonObject } from '../../../lib/model/json';

/** Of a sentence that goes into the timeline and the action's record; a resource policy alone may be 20 KB. */
const MAX_CHARACTERS = 4_000;

/** For the sentence of a release where what is removed leaves nothing that could be looked for, nor be made a task. */
export const REMOVED_LATER = 'what came later and was removed as well, if anything, stands in the timeline';

/** By undo record: the host hands the same one to `contain` and to the `verify` right after it, and it goes with the run. */
const taken = new WeakMap<JsonObject, Map<string, string>>();

/**
 * Notes what a run takes away or switches off that the undo record does not name, because it came later. A release is given the
 * record and nothing else, and a permission that was removed leaves no trace: the run itself has to say it.
 */
export function noteBeyond(before: JsonObject, what: string, was: string): void {
  // In the log at once: a run may end before its sentence is in the timeline.
  console.log({ message: 'changed beyond the undo record', what, was });
  taken.set(before, new Map([...(taken.get(before) ?? []), [what, was]]));
}

/** How the sentence of `verify` goes on, for the timeline: names first, since it may be cut. Empty where nothing was noted. */
export function beyondText(before: JsonObject): string {
  const noted = [...(taken.get(before) ?? [])];
  if (noted.length === 0) return '';
  const names = noted.map(([what]) => what).join(', ');
  const text = `; not in the state written down, so that no release gives it back: ${names} (${noted.map(([, was]) => was).join('; ')})`;
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS - 1)}…`;
}
