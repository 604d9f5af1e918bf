import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../local/paths';
import { CONTAINMENT_AUDITOR } from './deployment';

/** What tries and judges, file by file, from `scripts/faults.mjs`: a judge that was mended has to judge again. */
const SOURCES = join('dist', 'faults', 'sources.json');

/** Hashes of source files by their paths in the repository. */
type Sources = Readonly<Record<string, string>>;

type Resources = Readonly<
  Record<string, { readonly Type: string; readonly Metadata?: Readonly<Record<string, unknown>> }>
>;

/**
 * Versions of what is tried, each runbook by itself: a change elsewhere in Firebreak leaves its results as they are.
 *
 * @param file - the stack's template
 */
export function versionsOfCode(file: string, runbooks: readonly string[], root = packageRoot()): Map<string, string> {
  const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Resources };
  const sources = JSON.parse(readFileSync(join(root, SOURCES), 'utf8')) as Sources;
  return new Map(runbooks.map((id) => [id, versionOf(id, Resources, harnessOf(id, sources, runbooks))]));
}

/**
 * A hash of a runbook's machines, of the functions in them, of the auditor, which the judge asks, and of what tries them. The
 * code of a function stands in the template as the hash of its text.
 */
export function versionOf(runbook: string, resources: Resources, harness: readonly string[]): string {
  const machines = Object.entries(resources).filter(
    ([, { Type, Metadata }]) =>
      Type === 'AWS::StepFunctions::StateMachine' && String(Metadata?.['aws:cdk:path']).split('/').includes(runbook),
  );
  if (machines.length === 0) throw new Error(`the stack has no state machine of runbook '${runbook}'`);
  const called = new Set(machines.flatMap(([, machine]) => referredIn(machine)));
  const functions = Object.entries(resources).filter(
    ([name, { Type }]) => Type === 'AWS::Lambda::Function' && (called.has(name) || CONTAINMENT_AUDITOR.test(name)),
  );
  const hash = createHash('sha256').update(runbook);
  for (const part of [...harness, JSON.stringify(machines), JSON.stringify(functions)]) hash.update('\0').update(part);
  return hash.digest('hex').slice(0, 16);
}

/** The harness knows all runbooks: what is of another one says nothing about this one. */
export function harnessOf(runbook: string, sources: Sources, runbooks: readonly string[]): string[] {
  const others = new Set(runbooks.filter((id) => id !== runbook));
  return Object.entries(sources).flatMap(([file, hash]) => {
    const [, folder] = /^(?:test\/)?runbooks\/([^/]+)\//.exec(file) ?? [];
    return folder !== undefined && others.has(folder) ? [] : [`${file} ${hash}`];
  });
}

/** Logical ids that stand in `Ref` and `Fn::GetAtt`. */
function referredIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, found]) => {
    if (key === 'Ref') return [String(found)];
    return key === 'Fn::GetAtt' ? [String((found as unknown[])[0])] : referredIn(found);
  });
}
