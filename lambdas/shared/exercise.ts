import { EXERCISE_VARIABLE, markExercise, MAX_EXERCISE } from '../../lib/model/exercise';
import { neutralText } from './neutral-text';

/** What the deployment says that it rehearses; undefined where everything is real. */
export function deployedExercise(): string | undefined {
  const sentence = neutralText(process.env[EXERCISE_VARIABLE], MAX_EXERCISE);
  return sentence === '' ? undefined : sentence;
}

/** The line above everything else in what people read; none where everything is real. */
export function exerciseLines(exercise: string | undefined): string[] {
  return exercise === undefined ? [] : [markExercise(exercise, exercise)];
}
