import type { Reading, Released } from '../../../lambdas/contain/runbook-host/action';

/** The half of an action that there is not: nobody wants logging to be switched off again. */
export function staysOn(what: string) {
  return {
    release: (): Promise<Released> => Promise.resolve({ restored: [], tasks: [] }),
    verifyReleased: (): Promise<Reading> =>
      Promise.resolve({ ok: true, observed: `${what} stays as the baseline says; nothing of it is taken back` }),
  };
}

/** For how long nothing was seen, for the timeline. */
export function blindText(from: string | null, to: string | null): string {
  if (from === null || to === null) return 'was blind; AWS does not say since when, the evidence may';
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  return `was blind from ${from} to ${to} (${seconds} s)`;
}
