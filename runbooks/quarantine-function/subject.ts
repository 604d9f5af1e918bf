import type { SubjectContext, Touched } from '../../lambdas/contain/guard-rails/subject';
import { readFunction } from './actions/function';

/**
 * A function takes its execution role with it, which others may share, and it may have network interfaces.
 *
 * @throws Error where there is no such function.
 */
export async function subjectOf(context: SubjectContext): Promise<Touched> {
  const { FunctionArn, Role, VpcConfig } = await readFunction(context);
  if (FunctionArn !== context.target.id) {
    throw new Error(`Lambda knows '${FunctionArn ?? 'nothing'}' by that name, not '${context.target.id}'`);
  }
  return {
    arns: Role === undefined ? [] : [Role],
    networks: VpcConfig?.VpcId ? [VpcConfig.VpcId] : [],
  };
}
