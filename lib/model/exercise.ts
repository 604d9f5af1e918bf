/** What everything that people read begins with in an exercise. Nothing that an event says ever stands before it. */
const MARK = 'EXERCISE: ';

/** By this environment variable functions know that their deployment is an exercise. */
export const EXERCISE_VARIABLE = 'EXERCISE';

/** Characters of the sentence: it stands above every page, and in the environment of functions, which has 4 KB. */
export const MAX_EXERCISE = 120;

/** One line with something to read in it; what is invisible or turns the reading direction would say something else. */
export const EXERCISE_SENTENCE = new RegExp(`^(?=.*\\p{L})(?=\\S)[^\\p{C}\\p{Zl}\\p{Zp}]{1,${MAX_EXERCISE}}$`, 'u');

/** What `EXERCISE_SENTENCE` asks for, and what to do. */
export const EXERCISE_RULE = `one line of 1 to ${MAX_EXERCISE} visible characters that says what is rehearsed, such as 'Drill of 2026-11-21, nothing here is real'; leave it out where nothing is`;

/**
 * Puts the mark of an exercise before a title, a subject or the sentence itself.
 *
 * @param exercise what the deployment says; never anything out of an event or an alert, or an attack could pass for one.
 */
export function markExercise(text: string, exercise: string | undefined): string {
  return exercise === undefined || text.startsWith(MARK) ? text : `${MARK}${text}`;
}
