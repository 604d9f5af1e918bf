import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { packageRoot } from '../../local/paths';
import type { DeployedFunction, Deployment } from './deployment';

/** A piece of the shipped source, and what stands there instead where an error is swallowed. */
export interface Mutant {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Part of the text of the cells that must notice it. */
  readonly noticed: string;
}

/** Built into bundles of the matrix alone. Each swallows one error that the shipped code lets through. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  'undo-not-written': {
    file: 'lambdas/shared/store/containments.ts',
    find: "if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;\n    const { Item }",
    replace: "if (!isNamed(error, 'ConditionalCheckFailedException')) return undo;\n    const { Item }",
    noticed: 'dynamodb:PutItem',
  },
  'timeline-not-written': {
    file: 'lambdas/shared/store/append-once.ts',
    find: 'return (await writeOnce(table, incidentId, mark, () => entries, also)).written;',
    replace:
      'return writeOnce(table, incidentId, mark, () => entries, also).then((once) => once.written, () => false);',
    noticed: 'dynamodb:TransactWriteItems',
  },
};

/** What a runbook's bundle exports, as `scripts/bundle.mjs` makes it. */
const ROLES = ['evidence', 'contain', 'release'];

/** The deployment with a mutant in the code of its functions; nothing that is shipped is touched. */
export async function withMutant(deployment: Deployment, id: string): Promise<Deployment> {
  const mutant = MUTANTS[id];
  if (!mutant) throw new Error(`there is no mutant '${id}'`);
  const folder = join(packageRoot(), 'dist/faults/mutants', id);
  rmSync(folder, { recursive: true, force: true });
  const entries = bundledEntries();
  const changed = new Map<string, string>();
  const of = async (fn: DeployedFunction): Promise<DeployedFunction> => {
    const entry = entries.get(hashOf(join(fn.code, 'index.js')));
    if (entry === undefined) return fn;
    const code = changed.get(fn.code) ?? join(folder, fn.name);
    if (!changed.has(fn.code)) {
      changed.set(fn.code, code);
      cpSync(fn.code, code, { recursive: true });
      await rebuild(entry, join(code, 'index.js'), mutant);
    }
    return { ...fn, code };
  };
  const functions = new Map<string, DeployedFunction>();
  for (const [arn, fn] of deployment.functions) functions.set(arn, await of(fn));
  return { ...deployment, functions };
}

/** Which runbook's bundle has these bytes: only runbooks' own functions are mutated. */
function bundledEntries(): Map<string, string> {
  const root = join(packageRoot(), 'dist/lambdas/runbooks');
  return new Map(readdirSync(root).map((id) => [hashOf(join(root, id, 'actions', 'index.js')), id]));
}

async function rebuild(id: string, outfile: string, mutant: Mutant) {
  const root = packageRoot();
  const plant: Plugin = {
    name: 'mutant',
    setup(chain) {
      chain.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path !== join(root, mutant.file)) return undefined;
        const source = readFileSync(path, 'utf8');
        if (!source.includes(mutant.find)) throw new Error(`${mutant.file} has changed: the mutant has no place in it`);
        return { contents: source.replace(mutant.find, mutant.replace), loader: 'ts' };
      });
    },
  };
  await build({
    stdin: {
      contents: [
        `import { runbook } from './runbooks/${id}/actions';`,
        ...ROLES.map((role) => `import { ${role}Handler } from './lambdas/contain/runbook-host/${role}';`),
        ...ROLES.map((role) => `export const ${role} = ${role}Handler(runbook);`),
      ].join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    allowOverwrite: true,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['./settings'],
    plugins: [plant],
    logLevel: 'warning',
  });
}

function hashOf(file: string): string {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : '';
}
