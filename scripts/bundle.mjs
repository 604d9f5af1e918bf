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
function runbookEntries() {
  return folders(join(root, 'runbooks'))
    .filter((id) => existsSync(join(root, 'runbooks', id, 'actions.ts')))
    .map((id) => ({
      out: `lambdas/runbooks/${id}/actions/index`,
      contents: [
        `import { runbook } from './runbooks/${id}/actions';`,
        ...RUNBOOK_ROLES.map((role) => `import { ${role}Handler } from './lambdas/contain/runbook-host/${role}';`),
        ...RUNBOOK_ROLES.map((role) => `export const ${role} = ${role}Handler(runbook);`),
      ].join('\n'),
    }));
}

/** The guard rails, joined with what each runbook says that it touches. */
function guardRailsEntry() {
  const ids = folders(join(root, 'runbooks')).filter((id) => existsSync(join(root, 'runbooks', id, 'subject.ts')));
  return {
    out: 'lambdas/contain/guard-rails/index',
    contents: [
      `import { guardRailsHandler } from './lambdas/contain/guard-rails/guard';`,
      ...ids.map((id, index) => `import { subjectOf as subject${index} } from './runbooks/${id}/subject';`),
      `export const handler = guardRailsHandler({`,
      ...ids.map((id, index) => `  '${id}': subject${index},`),
      `});`,
    ].join('\n'),
  };
}

/** Entries whose text is made here. All in one build: a client of the SDK is read once, not for every bundle. */
function generatedTexts(entries) {
  return {
    name: 'generated-entries',
    setup(chain) {
      chain.onResolve({ filter: /^generated:/ }, ({ path }) => ({ path, namespace: 'generated' }));
      chain.onLoad({ filter: /.*/, namespace: 'generated' }, ({ path }) => ({
        contents: entries.find(({ out }) => path === `generated:${out}`).contents,
        resolveDir: root,
        loader: 'ts',
      }));
    },
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
const generated = [...runbookEntries(), guardRailsEntry()];
await Promise.all([
  build({
    ...minified,
    entryPoints: [...lambdas, ...clientEntries(), ...generated.map(({ out }) => ({ in: `generated:${out}`, out }))],
    outdir,
    // './program' and './settings' are written beside the bundle at synth, './clients' is a bundle of its own.
    external: ['./program', './settings', './clients'],
    plugins: [generatedTexts(generated)],
  }),
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
const current = [...lambdas, ...generated].map(({ out }) => dirname(join(outdir, out)));
removeOld(join(outdir, 'lambdas'));

function removeOld(parent) {
  for (const name of folders(parent)) {
    const folder = join(parent, name);
    if (current.includes(folder)) continue;
    if (current.some((path) => path.startsWith(`${folder}/`))) removeOld(folder);
    else rmSync(folder, { recursive: true });
  }
}
