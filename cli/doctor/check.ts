import type { AwsConfig } from '../aws';
import type { DeployedStack } from '../deployed-stack';
import type { Firebreak } from '../ask';

/** `unknown`: it could not be looked at; that is never taken for `ok`. */
export type Verdict = 'ok' | 'warning' | 'bad' | 'unknown';

/** What was seen, and what to do where it is not as it should be. */
export interface Finding {
  readonly verdict: Exclude<Verdict, 'unknown'>;
  readonly observed: string;
  readonly remedy?: string;
}

export interface Patient {
  readonly firebreak: Firebreak;
  readonly stack: DeployedStack;
  readonly aws: AwsConfig;
  /** Where a link in a page can be called from this machine: an emulator's has no name in DNS. */
  readonly reach: (url: string) => string;
}

/** One question about whether the deployed stack is able to respond right now. */
export interface Check {
  readonly name: string;
  look(patient: Patient): Promise<Finding>;
}

/** A check's answer, as `--json` gives it. */
export interface CheckResult {
  readonly name: string;
  readonly verdict: Verdict;
  readonly observed: string;
  readonly remedy: string;
}

export const ok = (observed: string): Finding => ({ verdict: 'ok', observed });
export const warning = (observed: string, remedy: string): Finding => ({ verdict: 'warning', observed, remedy });
export const bad = (observed: string, remedy: string): Finding => ({ verdict: 'bad', observed, remedy });

/** `1 queue`, `3 queues`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
