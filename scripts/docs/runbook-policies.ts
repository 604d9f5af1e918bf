import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillPermission } from '../../lib/model/fill-permission';
import type { Permission, RunbookFacts } from '../../lib/model/runbook-facts';

/** What `test/iam/runs.integration.ts` measured in clean runs of one runbook, each contained and released. */
export interface RecordedRuns {
  /** Shapes of targets. */
  readonly shapes: number;
  readonly sessions: number;
  /** Characters of the longest session policy. */
  readonly largestPolicy: number;
  /** Simulated: what the runs asked for, under the policy of their own session; all allowed. */
  readonly needed: number;
  /** The same on another resource of the same kind; all denied. */
  readonly neighbours: number;
  /** The same on what is protected, without any session policy; all denied. */
  readonly protected: number;
  /** The same with the role of the function itself; all denied. */
  readonly withoutSession: number;
}

/** As the test keeps it. */
export function recordedRuns(root: string): Readonly<Record<string, RecordedRuns>> {
  return JSON.parse(readFileSync(join(root, 'test/iam/recorded-runs.json'), 'utf8')) as Record<string, RecordedRuns>;
}

/** In the longest spelling of an account's and a Region's places that is common. */
const PLACE = { partition: 'aws', account: '111122223333', region: 'ap-southeast-1' };
const QUARANTINE = `arn:aws:iam::111122223333:policy/${'x'.repeat(64)}`;

/** How big the policies are, and what was simulated: sizes from the facts, counts from recorded runs. */
export function policyTable(
  runbooks: readonly RunbookFacts[],
  recorded: Readonly<Record<string, RecordedRuns>>,
): string[] {
  return [
    '',
    '## Policies',
    '',
    'Each action of a run gets credentials of its own, whose policy names its target. Sizes are in characters: a role takes',
    '10,240 inline, without the guard rails that are added to it; a session takes 2,048. The calls are those that were recorded',
    'in clean runs on the embedded AWS, and were then put to a policy simulator: allowed under the policy of their own session;',
    'denied on a neighbour of the same kind, on what is protected, and for the function without a session.',
    '',
    '| runbook | contain role | release role | longest session policy | sessions | allowed | neighbour denied | protected denied | function denied |',
    '|---|---|---|---|---|---|---|---|---|',
    ...runbooks.map((facts) => row(facts, recorded[facts.id])),
  ];
}

function row({ id, permissions }: RunbookFacts, runs: RecordedRuns | undefined): string {
  const measured = runs
    ? [runs.largestPolicy, runs.sessions, runs.needed, runs.neighbours, runs.protected, runs.withoutSession]
    : ['not recorded yet', '', '', '', '', ''];
  return `| \`${id}\` | ${[size(permissions.contain), size(permissions.release), ...measured].join(' | ')} |`;
}

function size(permissions: readonly Permission[]): number {
  const Statement = permissions.map((permission) => {
    const { actions, resources, conditions } = fillPermission(permission, {
      ...PLACE,
      quarantinePolicyArn: QUARANTINE,
    });
    return { Effect: 'Allow', Action: actions, Resource: resources, ...(conditions && { Condition: conditions }) };
  });
  return JSON.stringify({ Version: '2012-10-17', Statement }).length;
}
