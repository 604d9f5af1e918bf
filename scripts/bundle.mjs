// Bundles what runs outside the library, found by its place:
//   lambdas/<stage>/<name>/handler.ts   -> dist/lambdas/<stage>/<name>/index.js
//   lambdas/<stage>/<name>/clients.ts   -> dist/lambdas/<stage>/<name>/clients.js, loaded when it is needed
//   runbooks/<id>/actions.ts            -> dist/lambdas/runbooks/<id>/actions/index.js, with a handler for each role
//   runbooks/<id>/record.ts             -> dist/lambdas/runbooks/<id>/record/index.js, where there is one
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

/** What a handler loads only when it has something to send. */
function clientEntries() {
  return lambdaEntries()
    .map((entry) => ({
      in: entry.in.replace(/handler\.ts$/, 'clients.ts'),
      out: entry.out.replace(/index$/, 'clients'),
    }))
    .filter((entry) => existsSync(join(root, entry.in)));
}

/** A runbook's actions joined with the host of each role: one bundle, since they share the SDK's clients. */
function runbookBundles() {
  return folders(join(root, 'runbooks'))
    .filter((id) => existsSync(join(root, 'runbooks', id, 'actions.ts')))
    .map((id) => ({
      stdin: {
        contents: [
          `import { runbook } from './runbooks/${id}/actions';`,
          ...RUNBOOK_ROLES.map((role) => `import { ${role}Handler } from './lambdas/contain/runbook-host/${role}';`),
          ...RUNBOOK_ROLES.map((role) => `export const ${role} = ${role}Handler(runbook);`),
        ].join('\n'),
        resolveDir: root,
        loader: 'ts',
      },
      outfile: join(root, 'dist/lambdas/runbooks', id, 'actions', 'index.js'),
    }));
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

/** What a runbook records while all is well. */
function recordEntries() {
  return folders(join(root, 'runbooks'))
    .filter((id) => existsSync(join(root, 'runbooks', id, 'record.ts')))
    .map((id) => ({ in: `runbooks/${id}/record.ts`, out: `lambdas/runbooks/${id}/record/index` }));
}

const lambdas = [...lambdaEntries(), ...recordEntries()];
const generated = [...runbookBundles(), guardRailsBundle()];
await Promise.all([
  // './program' and './settings' are written beside the bundle at synth, './clients' is the bundle below.
  build({ ...minified, entryPoints: lambdas, outdir, external: ['./program', './settings', './clients'] }),
  build({ ...minified, entryPoints: clientEntries(), outdir }),
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
const current = [
  ...lambdas.map(({ out }) => dirname(join(outdir, out))),
  ...generated.map(({ outfile }) => dirname(outfile)),
];
removeOld(join(outdir, 'lambdas'));

function removeOld(parent) {
  for (const name of folders(parent)) {
    const folder = join(parent, name);
    if (current.includes(folder)) continue;
    if (current.some((path) => path.startsWith(`${folder}/`))) removeOld(folder);
    else rmSync(folder, { recursive: true });
  }
}
