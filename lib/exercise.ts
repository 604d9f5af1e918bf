import { Token } from 'aws-cdk-lib';
import { EXERCISE_RULE, EXERCISE_SENTENCE, EXERCISE_VARIABLE } from './model/exercise';

/**
 * What tells a function that its deployment is an exercise; nothing where it is none.
 *
 * @throws Error where it is no sentence: an exercise that nobody can read is taken for real.
 */
export function exerciseEnvironment(exercise: string | undefined): { [name: string]: string } {
  if (exercise === undefined) return {};
  if (!Token.isUnresolved(exercise) && !EXERCISE_SENTENCE.test(exercise)) {
    throw new Error(`'exercise' must be ${EXERCISE_RULE}, got ${JSON.stringify(exercise)}`);
  }
  return { [EXERCISE_VARIABLE]: exercise };
}
