import { z } from 'zod';
import { containmentId } from '../../../lib/model/ids';
import { checkGuardRails } from '../../../lib/model/guard-rails';
import { CONTAINMENT_SCHEMA_VERSION } from '../../../lib/model/containment';
import { ENTITY_KINDS } from '../../../lib/model/entity';
import { guardRailSettings } from '../shared/guard-settings';
import type { Runbook } from './action';
import { planActions, type PlannedAction } from './plan-actions';
import { makeRun } from './run';

const previewRequest = z.object({
  schemaVersion: z.literal(1),
  op: z.literal('preview'),
  target: z.object({
    kind: z.enum(ENTITY_KINDS),
    id: z.string().min(1).max(2048),
    account: z.string(),
    region: z.string(),
  }),
});

/** What a runbook would do to a target now. */
export interface Preview {
  /** Why it would be refused; absent where the guard rails that need no look-up allow it. */
  readonly refusal?: string;
  readonly actions: readonly PlannedAction[];
}

/** True for a person's question, which belongs to no containment. */
export function isPreview(event: unknown): boolean {
  return previewRequest.safeParse(event).success;
}

/** Answers `runbook plan`: reads the target, and neither changes nor writes anything anywhere. */
export async function preview(runbook: Runbook, event: unknown): Promise<Preview> {
  const { target } = previewRequest.parse(event);
  const verdict = checkGuardRails({ target, arns: [], networks: [] }, guardRailSettings());
  // A malformed id, or something of another account, is sent to nobody.
  if (!verdict.allowed) return { refusal: verdict.because, actions: [] };
  const now = new Date().toISOString();
  const run = makeRun(
    runbook,
    {
      schemaVersion: CONTAINMENT_SCHEMA_VERSION,
      id: containmentId(runbook.facts.id, target),
      runbook: runbook.facts.id,
      target,
      mode: 'observe',
      generation: 1,
      attempt: 1,
      status: 'starting',
      holds: [],
      incidentId: 'inc-none',
      startedAt: now,
    },
    'preview',
  );
  return { actions: await planActions(run) };
}
