import type { Level } from './alert';

export const SEVERITIES = ['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** SEV1 is the worst; the worse of the two. */
export function worse(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b) ? a : b;
}

/** Highest first. */
export const IMPACTS = ['high', 'medium', 'low'] as const;
export type Impact = (typeof IMPACTS)[number];
/** One step worse; SEV1 stays. */
export function raised(severity: Severity): Severity {
  return SEVERITIES[Math.max(0, SEVERITIES.indexOf(severity) - 1)] ?? severity;
}

/** The less bad of the two. */
export function milder(a: Severity, b: Severity): Severity {
  return worse(a, b) === a ? b : a;
}

export type Urgency = 'high' | 'medium' | 'low';

/** Priority = impact x urgency, as in the AWS incident response playbooks: HH 1; HM, MH 2; HL, MM, LH 3; else 4. */
const MATRIX: Readonly<Record<Impact, Readonly<Record<Urgency, Severity>>>> = {
  high: { high: 'SEV1', medium: 'SEV2', low: 'SEV3' },
  medium: { high: 'SEV2', medium: 'SEV3', low: 'SEV4' },
  low: { high: 'SEV3', medium: 'SEV4', low: 'SEV4' },
};

export function severityOf(impact: Impact, urgency: Urgency): Severity {
  return MATRIX[impact][urgency];
}

/** How urgent a rule's level is. */
export function urgencyOf(level: Level): Urgency {
  switch (level) {
    case 'critical':
    case 'high':
      return 'high';
    case 'medium':
      return 'medium';
    case 'low':
    case 'informational':
      return 'low';
  }
}
