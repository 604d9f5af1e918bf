import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');

/** The checker is asked about types of the CDK, too: only what is declared in this repository is ours to judge. */
const isOurs = (node: ts.Node) => {
  const { fileName } = node.getSourceFile();
  return !fileName.includes('/node_modules/');
};

/** What jsii would drop or change without a word, in the public API that begins at a file. */
function lost(
  entry: string,
  more: Readonly<Record<string, string>> = {},
): { readonly problems: string[]; readonly names: string[] } {
  const options: ts.CompilerOptions = {
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    module: ts.ModuleKind.Node20,
    target: ts.ScriptTarget.ES2023,
    types: ['node'],
  };
  const base = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...base,
    getSourceFile: (name, ...rest) =>
      more[name] === undefined
        ? base.getSourceFile(name, ...rest)
        : ts.createSourceFile(name, more[name], ts.ScriptTarget.ES2023, true),
    fileExists: (name) => more[name] !== undefined || base.fileExists(name),
    readFile: (name) => more[name] ?? base.readFile(name),
  };
  const program = ts.createProgram([entry], options, host);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${entry} exports nothing`);
  const problems: string[] = [];
  const names: string[] = [];
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    names.push(exported.name);
    const kinds = ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.Enum;
    if ((symbol.flags & kinds) === 0) {
      problems.push(`${exported.name} is no class, interface or enum: jsii leaves it out`);
      continue;
    }
    for (const declaration of symbol.declarations ?? []) {
      if (!isOurs(declaration)) continue;
      if (ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration)) {
        for (const member of declaration.members) problems.push(...unions(checker, exported.name, member));
      }
    }
  }
  return { problems, names };
}

/** Unions of literals in what a member takes and gives: in other languages they are plain texts. */
function unions(checker: ts.TypeChecker, owner: string, member: ts.ClassElement | ts.TypeElement): string[] {
  const flags = ts.canHaveModifiers(member) ? ts.getCombinedModifierFlags(member) : 0;
  const name = member.name && ts.isIdentifier(member.name) ? member.name.text : 'constructor';
  // jsii itself leaves these out, as they are meant to be.
  if (flags & ts.ModifierFlags.Private || ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal'))
    return [];
  const types: (readonly [string, ts.Type])[] = [];
  if (ts.isFunctionLike(member)) {
    for (const parameter of member.parameters) {
      types.push([`${name}(${parameter.name.getText()})`, checker.getTypeAtLocation(parameter)]);
    }
    const signature = checker.getSignatureFromDeclaration(member);
    if (signature && !ts.isConstructorDeclaration(member)) types.push([`${name}()`, signature.getReturnType()]);
  } else {
    types.push([name, checker.getTypeAtLocation(member)]);
  }
  return types
    .filter(([, type]) => hasLiteralUnion(checker, type))
    .map(([where, type]) => `${owner}.${where} is ${checker.typeToString(type)}: jsii makes plain text of it`);
}

function hasLiteralUnion(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (type.flags & ts.TypeFlags.EnumLike) return false;
  if (type.isUnion()) return type.types.some((part) => isBareLiteral(part) || hasLiteralUnion(checker, part));
  if (isBareLiteral(type)) return true;
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    return checker.getTypeArguments(type as ts.TypeReference).some((part) => hasLiteralUnion(checker, part));
  }
  const index = type.getStringIndexType();
  return index !== undefined && hasLiteralUnion(checker, index);
}

/** A text or number of its own, and not a member of an enum. */
function isBareLiteral(type: ts.Type): boolean {
  return (type.isStringLiteral() || type.isNumberLiteral()) && (type.flags & ts.TypeFlags.EnumLiteral) === 0;
}

describe('what jsii loses without a word', () => {
  test('is not in the public API', () => {
    const { problems, names } = lost(join(ROOT, 'lib/index.ts'));
    expect(problems).toEqual([]);
    console.log(`${names.length} exported classes, interfaces and enums`);
    expect(names).toEqual(
      expect.arrayContaining(['IncidentResponse', 'IsolateInstanceRunbook', 'EscalationChain', 'ContainmentMode']),
    );
  }, 60_000);

  test('is noticed', () => {
    const planted = join(ROOT, 'lib/planted.ts');
    const { problems } = lost(planted, {
      [planted]: `
        export function helper(): void {}
        export const LIMIT = 5;
        export type Mode = 'a' | 'b';
        export enum Fine { A = 'a' }
        export interface Props { readonly mode?: 'a' | 'b'; readonly modes: Mode[]; readonly fine: Fine; readonly by: { [name: string]: Mode } }
        export class Thing {
          public readonly kind: 'x' = 'x';
          /** @internal */
          public readonly _kind: 'x' = 'x';
          private readonly secret: 'x' | 'y' = 'x';
          public go(mode: Mode): 'on' | 'off' { return mode === 'a' && this.secret === 'x' ? 'on' : 'off'; }
        }
      `,
    });
    expect(problems.map((text) => text.replace(/ is .*/, ''))).toEqual([
      'helper',
      'LIMIT',
      'Mode',
      'Props.mode',
      'Props.modes',
      'Props.by',
      'Thing.kind',
      'Thing.go(mode)',
      'Thing.go()',
    ]);
  }, 60_000);
});
