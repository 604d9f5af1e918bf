// Bundles what runs outside the library, found by its place:
//   lambdas/<stage>/<name>/handler.ts   -> dist/lambdas/<stage>/<name>/index.js
//   runbooks/<id>/actions.ts            -> dist/lambdas/runbooks/<id>/<role>/index.js, one for each role
//   runbooks/<id>/subject.ts            -> dist/lambdas/contain/guard-rails/index.js, all in one
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

/** The guard rails, joined with what each runbook says that it touches. */
function guardRailsBundle() {
  const ids = folders(join(root, 'runbooks')).filter((id) => existsSync(join(root, 'runbooks', id, 'subject.ts')));
  return {
    stdin: {
      contents: [
        `import { guardRailsHandler } from './lambdas/contain/guard-rails/guard';`,
        ...ids.map((id, index) => `import { subjectOf as subject${index} } from './runbooks/${id}/subject';`),
        `export const handler = guardRailsHandler({`,
        ...ids.map((id, index) => `  '${id}': subject${index},`),
        `});`,
      ].join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    outfile: join(root, 'dist/lambdas/contain/guard-rails/index.js'),
  };
}

const minified = { ...common, minify: true, keepNames: true, sourcemap: false };
const outdir = join(root, 'dist');
mkdirSync(outdir, { recursive: true });

const programs = readdirSync(join(root, 'bin'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ in: `bin/${name}`, out: `bin/${name.slice(0, -3)}` }));

const lambdas = lambdaEntries();
const generated = [...runbookBundles(), guardRailsBundle()];
await Promise.all([
  // './program' and './settings' are written beside the bundle at synth.
  build({ ...minified, entryPoints: lambdas, outdir, external: ['./program', './settings'] }),
  ...generated.map((bundle) => build({ ...minified, ...bundle, external: ['./settings'] })),
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
  ...generated.map(({ outfile }) => dirname(outfile)),
]);
for (const stage of folders(join(outdir, 'lambdas'))) {
  for (const name of folders(join(outdir, 'lambdas', stage))) {
    const folder = join(outdir, 'lambdas', stage, name);
    const alive = [...current].some((path) => path === folder || path.startsWith(`${folder}/`));
    if (!alive) rmSync(folder, { recursive: true });
  }
}
