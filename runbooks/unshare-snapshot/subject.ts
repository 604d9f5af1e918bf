import type { SubjectContext, Touched } from '../../lambdas/contain/guard-rails/subject';
import { readThings } from './actions/things';

/**
 * An image takes its snapshots with it.
 *
 * @throws Error where there is no such snapshot or image, where it belongs to another account, or can be shared with nobody.
 */
export async function subjectOf(context: SubjectContext): Promise<Touched> {
  const things = await readThings(context);
  return { arns: things.map(({ arn }) => arn).filter((arn) => arn !== context.target.id), networks: [] };
}
