import type { SubjectContext, Touched } from '../../lambdas/contain/guard-rails/subject';
import { partitionOf } from '../../lib/model/partition';
import { readDetector } from './state/detector';
import { readRecorder } from './state/recorder';
import { readTrails } from './state/trails';

/** What logs in the Region; a protected trail is left alone like anything else. */
export async function subjectOf(context: SubjectContext): Promise<Touched> {
  const { here } = await readTrails(context);
  const { arn } = await readRecorder(context);
  const detector = await readDetector(context);
  const { account, region } = context.target;
  return {
    arns: [
      ...here.map((trail) => trail.arn),
      ...(arn === null ? [] : [arn]),
      ...(detector === null
        ? []
        : [`arn:${partitionOf(region)}:guardduty:${region}:${account}:detector/${detector.id}`]),
    ],
    networks: [],
  };
}
