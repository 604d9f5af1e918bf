import type { RecordedCall } from '../../local/proxy/call';
import { ACCOUNT, REGION, type Asked, type Step } from './asked';

/** What AWS asks about for a call of Lambda: the function, with its alias or version, or the mapping that feeds it. */
export function ofFunction({ operation, resource }: RecordedCall, target: string, step: Step): Asked[] {
  const { FunctionName = '', Qualifier, UUID } = resource;
  if (UUID !== undefined) {
    const mapping = `arn:aws:lambda:${REGION}:${ACCOUNT}:event-source-mapping:${UUID}`;
    return [[mapping, { 'lambda:FunctionArn': target }]];
  }
  const name = FunctionName.split(':function:').at(-1) ?? '';
  const arn = [`arn:aws:lambda:${REGION}:${ACCOUNT}:function`, name, ...(Qualifier === undefined ? [] : [Qualifier])];
  // Contained, a URL asks for a signature; released, it is as open as it was.
  const context = { 'lambda:FunctionUrlAuthType': step === 'Contain' ? 'AWS_IAM' : 'NONE' };
  return [[arn.join(':'), operation === 'UpdateFunctionUrlConfig' ? context : {}]];
}
