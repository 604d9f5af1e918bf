import type { Subject } from '../../../lib/model/guard-rails';
import type { Target } from '../../../lib/model/plan';
import { AwsClients } from '../../shared/aws-clients';

/** What a runbook's `subject.ts` gets: clients that can only read. */
export interface SubjectContext {
  readonly target: Target;
  readonly aws: AwsClients;
}

/** What a runbook touches besides its target: ARNs, and the VPCs in which it has network interfaces. */
export type Touched = Pick<Subject, 'arns' | 'networks'>;

/**
 * What a runbook's folder exports from `subject.ts`.
 *
 * @throws Error in a sentence for a tired person, where the target does not exist or is not what it claims to be.
 */
export type SubjectOf = (context: SubjectContext) => Promise<Touched>;

/** By the id of the runbook. Found by their place when the function is bundled. */
export type Subjects = Readonly<Record<string, SubjectOf>>;

/**
 * Asks a runbook what is touched with a target.
 *
 * @throws Error where it cannot say: whoever asks must refuse.
 */
export async function subjectOf(subjects: Subjects, runbook: string, target: Target): Promise<Subject> {
  const ask = Object.hasOwn(subjects, runbook) ? subjects[runbook] : undefined;
  if (!ask)
    throw new Error(`runbook '${runbook}' does not say what it touches; 'runbooks/${runbook}/subject.ts' is missing`);
  return { target, ...(await ask({ target, aws: new AwsClients(target.region) })) };
}
