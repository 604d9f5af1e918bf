// Bundles what runs outside the library, found by its place:
//   lambdas/<stage>/<name>/handler.ts   -> dist/lambdas/<stage>/<name>/index.js
//   lambdas/<stage>/<name>/clients.ts   -> dist/lambdas/<stage>/<name>/clients.js, loaded when it is needed
//   runbooks/<id>/actions.ts            -> dist/lambdas/runbooks/<id>/<role>/index.js, one for each role
//   bin/*.ts                            -> dist/bin/*.js
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const RUNBOOK_ROLES = ['evidence', 'contain', 'release'];

const folders = (path) =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : [];

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  absWorkingDir: root,
  legalComments: 'linked',
};

/** Each handler that has a place of its own. */
function lambdaEntries() {
  return folders(join(root, 'lambdas')).flatMap((stage) =>
    folders(join(root, 'lambdas', stage))
      .filter((name) => existsSync(join(root, 'lambdas', stage, name, 'handler.ts')))
      .map((name) => ({ in: `lambdas/${stage}/${name}/handler.ts`, out: `lambdas/${stage}/${name}/index` })),
  );
}

/** What a handler loads only when it has something to send. */
function clientEntries() {
  return lambdaEntries()
    .map((entry) => ({
      in: entry.in.replace(/handler\.ts$/, 'clients.ts'),
      out: entry.out.replace(/index$/, 'clients'),
    }))
    .filter((entry) => existsSync(join(root, entry.in)));
}

/** A runbook's actions joined with the host of each role. */
function runbookBundles() {
  return folders(join(root, 'runbooks'))
    .filter((id) => existsSync(join(root, 'runbooks', id, 'actions.ts')))
    .flatMap((id) =>
      RUNBOOK_ROLES.map((role) => ({
        stdin: {
          contents: `import { runbook } from './runbooks/${id}/actions';
import { ${role}Handler } from './lambdas/contain/runbook-host/${role}';
export const handler = ${role}Handler(runbook);`,
          resolveDir: root,
          loader: 'ts',
        },
        outfile: join(root, 'dist/lambdas/runbooks', id, role, 'index.js'),
      })),
    );
}

const minified = { ...common, minify: true, keepNames: true, sourcemap: false };
const outdir = join(root, 'dist');
mkdirSync(outdir, { recursive: true });

const programs = readdirSync(join(root, 'bin'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ in: `bin/${name}`, out: `bin/${name.slice(0, -3)}` }));

const lambdas = lambdaEntries();
const runbooks = runbookBundles();
await Promise.all([
  // './program' and './settings' are written beside the bundle at synth, './clients' is the bundle below.
  build({ ...minified, entryPoints: lambdas, outdir, external: ['./program', './settings', './clients'] }),
  build({ ...minified, entryPoints: clientEntries(), outdir }),
  ...runbooks.map((bundle) => build({ ...minified, ...bundle, external: ['./settings'] })),
  build({
    ...common,
    entryPoints: programs,
    outdir,
    external: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'aws-cdk', 'firebreak', 'firebreak/*', 'cdk-nag'],
  }),
]);

// npm makes it executable where it installs it; a clone has to by itself.
chmodSync(join(outdir, 'bin/firebreak.js'), 0o755);

// What a renamed or deleted handler left behind would be shipped.
const current = new Set([
  ...lambdas.map(({ out }) => dirname(join(outdir, out))),
  ...runbooks.map(({ outfile }) => dirname(outfile)),
]);
for (const stage of folders(join(outdir, 'lambdas'))) {
  for (const name of folders(join(outdir, 'lambdas', stage))) {
    const folder = join(outdir, 'lambdas', stage, name);
    const alive = [...current].some((path) => path === folder || path.startsWith(`${folder}/`));
    if (!alive) rmSync(folder, { recursive: true });
  }
}
