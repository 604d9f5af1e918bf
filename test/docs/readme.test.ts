import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const SNIPPET = join(ROOT, 'readme-snippet.ts');

/** Type-checks text as if it lay beside the README, against the library's source. */
function mistakesOf(text: string): string[] {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.Node20,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
    paths: { firebreak: [join(ROOT, 'lib/index.ts')] },
  };
  const real = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...real,
    readFile: (path) => (path === SNIPPET ? text : real.readFile(path)),
    fileExists: (path) => path === SNIPPET || real.fileExists(path),
    getSourceFile: (path, target) =>
      path === SNIPPET ? ts.createSourceFile(path, text, target) : real.getSourceFile(path, target),
  };
  const program = ts.createProgram([SNIPPET], options, host);
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(SNIPPET))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the README', () => {
  const [snippet] = [...README.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text);

  test('shows a stack that type-checks', () => {
    expect(mistakesOf(snippet ?? '')).toEqual([]);
    expect(mistakesOf((snippet ?? '').replace('sources:', 'source:'))).not.toEqual([]);
  }, 60_000);

  test('leads to files that are there', () => {
    const links = [...README.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path ?? '');

    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((path) => !path.startsWith('http') && !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
