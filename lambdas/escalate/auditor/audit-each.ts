import { errorText } from '../../shared/aws-error';
import type { Verdict } from './judge';

export interface Audited {
  readonly stalled: readonly string[];
  readonly unanswered: readonly string[];
  readonly unwatched: readonly string[];
  /** One for each incident that could not be looked at, be paged anew or be watched again. */
  readonly failures: readonly Error[];
}

/** Looks at incidents one after the other, each by itself: one that cannot be looked at hides none of the others. */
export async function auditEach<One extends { readonly id: string }>(
  incidents: readonly One[],
  lookAt: (incident: One) => Promise<Verdict>,
  mend: {
    readonly pageAnew: (incident: One, because: string) => Promise<void>;
    readonly watchAgain: (incident: One) => Promise<void>;
  },
): Promise<Audited> {
  const stalled: string[] = [];
  const unanswered: string[] = [];
  const unwatched: string[] = [];
  const failures: Error[] = [];
  const tried = async <T>(id: string, what: string, step: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await step();
    } catch (cause) {
      failures.push(new Error(`incident '${id}' could not be ${what}: ${errorText(cause)}`, { cause }));
      return undefined;
    }
  };
  for (const incident of incidents) {
    const { id } = incident;
    const verdict = await tried(id, 'looked at', () => lookAt(incident));
    switch (verdict?.kind) {
      case undefined:
      case 'fine':
        break;
      case 'unanswered':
        unanswered.push(id);
        break;
      case 'unwatched':
        unwatched.push(id);
        await tried(id, 'watched again', () => mend.watchAgain(incident));
        break;
      case 'stalled':
        stalled.push(id);
        await tried(id, 'paged anew', () => mend.pageAnew(incident, verdict.because));
        break;
    }
  }
  return { stalled, unanswered, unwatched, failures };
}
