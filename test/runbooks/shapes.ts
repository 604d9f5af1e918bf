import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { packageRoot } from '../../local/paths';
import { RUNBOOKS } from '../../runbooks';
import type { Shape } from './contract';

/** A runbook with targets to try it on. */
export interface Tried {
  readonly id: string;
  readonly runbook: Runbook;
  readonly shapes: readonly Shape[];
}

/**
 * Every runbook of the catalogue with its shapes, found by its place.
 *
 * @throws Error that names the runbooks without shapes: what is not tried is not proven.
 */
export async function triedRunbooks(only?: string): Promise<Tried[]> {
  const wanted = RUNBOOKS.filter(({ id }) => only === undefined || id === only);
  if (wanted.length === 0) {
    throw new Error(`there is no runbook '${only}'; the catalogue has: ${RUNBOOKS.map(({ id }) => id).join(', ')}`);
  }
  const folder = join(packageRoot(), 'test/runbooks');
  const have = readdirSync(folder).filter((id) => existsSync(join(folder, id, 'shapes.ts')));
  const missing = wanted.filter(({ id }) => !have.includes(id)).map(({ id }) => id);
  if (missing.length > 0) {
    throw new Error(
      `add test/runbooks/<id>/shapes.ts for ${missing.join(', ')}; test/runbooks/contract.ts says what it exports`,
    );
  }
  return Promise.all(
    wanted.map(async ({ id }) => {
      // Not from variables alone: esbuild bundles what these two patterns match.
      const { runbook } = (await import(`../../runbooks/${id}/actions.ts`)) as { runbook: Runbook };
      const { shapes } = (await import(`./${id}/shapes.ts`)) as { shapes: readonly Shape[] };
      return { id, runbook, shapes };
    }),
  );
}
