import { type Assumed } from './call';

/** What an AssumeRole asked for and got; undefined where the answer has no credentials in it. */
export function assumedIn(request: Buffer, answer: string): Assumed | undefined {
  const accessKey = /<AccessKeyId>([^<]+)<\/AccessKeyId>/.exec(answer)?.[1];
  if (accessKey === undefined) return undefined;
  const asked = new URLSearchParams(request.toString('utf8'));
  const policy = asked.get('Policy');
  const sourceIdentity = asked.get('SourceIdentity');
  return {
    accessKey,
    roleArn: asked.get('RoleArn') ?? '',
    sessionName: asked.get('RoleSessionName') ?? '',
    ...(policy !== null && { policy }),
    ...(sourceIdentity !== null && { sourceIdentity }),
  };
}
