import { markExercise } from '../../lib/model/exercise';
import { type Check, ok, warning } from './check';

/** A mark that was left behind would have a real attack taken for a rehearsal. */
export const exercise: Check = {
  name: 'exercise',
  look({ stack }) {
    const sentence = stack.optional('FirebreakExercise');
    return Promise.resolve(
      sentence === undefined
        ? ok('none: what is paged is real')
        : warning(
            markExercise(sentence, sentence),
            "pages and reports say that nothing is real; when the exercise is over, take 'exercise' out and deploy",
          ),
    );
  },
};
