import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import type { Command } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pc from 'picocolors';
import ts from 'typescript';
import type { Io } from '../../cli/io';
import { makeProgram } from '../../cli/program';
import { buildStack } from '../../config/build-stack';
import { parseConfiguration } from '../../config/load';

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

/** Commands that do something, as they are typed: `incident ack`. */
function commandPaths(command: Command, before: readonly string[] = []): string[] {
  const visible = command.createHelp().visibleCommands(command);
  const own = visible.filter((below) => below.name() !== 'help');
  return own.flatMap((below) => {
    const path = [...before, below.name()];
    return below.commands.length > 0 ? commandPaths(below, path) : [path.join(' ')];
  });
}

/** `incident ack|snooze ID` is `incident ack` and `incident snooze`. */
function spelledOut(text: string): string[] {
  const [first = '', second = ''] = text.replaceAll('\\|', '|').split(' ');
  const ways = second.split('|').filter((word) => /^[a-z][a-z-]*$/.test(word));
  return ways.length === 0 ? [first] : ways.map((way) => `${first} ${way}`);
}

const SILENT: Io = {
  out: () => undefined,
  err: () => undefined,
  env: {},
  cwd: ROOT,
  colours: pc.createColors(false),
  progress: () => undefined,
  exitCode: 0,
};

describe('the README', () => {
  const [snippet] = [...README.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text);

  test('shows a stack that type-checks', () => {
    expect(mistakesOf(snippet ?? '')).toEqual([]);
    expect(mistakesOf((snippet ?? '').replace('sources:', 'source:'))).not.toEqual([]);
  }, 60_000);

  test('shows a configuration that is taken as it stands', () => {
    const [yaml = ''] = [...README.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
    const build = (text: string) =>
      buildStack(
        new App(),
        parseConfiguration(`account: '111122223333'\nregion: us-east-1\n${text}`, 'README.md'),
        'README.md',
      );

    expect(build(yaml).stackName).toBe('Firebreak');
    expect(() => build(yaml.replace('report-final', 'report-lost'))).toThrow(/must be one of 'opened'/);
  }, 60_000);

  test('names every command that there is', () => {
    const paths = commandPaths(makeProgram(SILENT, '1.2.3'));
    const table = README.slice(README.indexOf('## The command line'), README.indexOf('## What is proven where'));
    const named = [...table.matchAll(/`([a-z][^`]*)`/g)].flatMap(([, text = '']) => spelledOut(text));
    expect(paths.length).toBeGreaterThan(25);
    expect(paths.filter((path) => !named.includes(path))).toEqual([]);
  });

  test('leads to files that are there', () => {
    const links = [...README.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path ?? '');

    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((path) => !path.startsWith('http') && !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
