import { readFileSync } from 'node:fs';
import { isCollection, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import { didYouMean } from '../lib/sigma/suggest';
import { configuration, type Configuration } from './schema';

/** Everything that is wrong with a configuration file, each with its place. */
export class ConfigurationError extends Error {
  public override readonly name = 'ConfigurationError';

  constructor(public readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/**
 * Reads `firebreak.yaml`.
 *
 * @throws ConfigurationError with every mistake as `path:line:column: message`.
 */
export function loadConfiguration(path: string): Configuration {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError([
      `${path}: cannot be read (${reason}); name another file by FIREBREAK_CONFIG or write one after the README`,
    ]);
  }
  return parseConfiguration(text, path);
}

export function parseConfiguration(text: string, path: string): Configuration {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new ConfigurationError(
      document.errors.map((error) => `${place(error.pos[0])}: ${error.message.split('\n')[0] ?? 'not YAML'}`),
    );
  }
  const parsed = configuration.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    parsed.error.issues.flatMap((issue) =>
      describe(issue, document).map(({ at, message }) => `${place(at)}: ${message}`),
    ),
  );
}

interface Described {
  readonly at: number;
  readonly message: string;
}

function describe(issue: z.core.$ZodIssue, document: Document): Described[] {
  const where = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const hint = didYouMean(key, knownKeys(issue.path));
      return {
        at: offsetOf(document, [...where, key], true),
        message: `unknown key '${key}'${where.length > 0 ? ` in '${where.join('.')}'` : ''}${hint}`,
      };
    });
  }
  const at = offsetOf(document, where, false);
  const got = document.getIn(issue.path as (string | number)[], false);
  const received = isCollection(got)
    ? ''
    : got === undefined
      ? ', but nothing is there'
      : `, got ${JSON.stringify(got)}`;
  const subject = where.length > 0 ? `'${where.join('.')}'` : 'the file';
  return [{ at, message: `${subject}: ${expected(issue)}${received}` }];
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}`;
  if (issue.code === 'invalid_value') {
    return issue.message.startsWith('Invalid')
      ? `must be one of ${issue.values.map((value) => `'${String(value)}'`).join(', ')}`
      : `must be ${issue.message}`;
  }
  if (issue.code === 'too_small' && issue.origin === 'array') return 'needs at least one entry';
  return issue.message.startsWith('Invalid') || issue.message.startsWith('Too')
    ? issue.message
    : `must be ${issue.message}`;
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** Keys that the schema has at a path, for "did you mean". */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let here: unknown = configuration;
  for (const step of path) {
    here = unwrap(here);
    const { shape, element } = here as { shape?: Record<string, unknown>; element?: unknown };
    here = typeof step === 'number' ? element : shape?.[String(step)];
  }
  return Object.keys((unwrap(here) as { shape?: object } | undefined)?.shape ?? {});
}

function unwrap(schema: unknown): unknown {
  let here = schema as { def?: { innerType?: unknown } } | undefined;
  while (here?.def?.innerType !== undefined) here = here.def.innerType as typeof here;
  return here;
}

/** Where a key stands in the text; of the nearest parent that exists where it does not. */
function offsetOf(document: Document, path: readonly string[], key: boolean): number {
  for (let length = path.length; length > 0; length--) {
    const steps = path.slice(0, length).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    const parent = document.getIn(steps.slice(0, -1), true);
    if (!isCollection(parent)) continue;
    for (const item of parent.items as unknown[]) {
      const pair = item as { key?: Node & { value?: unknown }; value?: Node };
      if (pair.key === undefined || pair.key.value !== steps.at(-1)) continue;
      const node = key || length < path.length ? pair.key : (pair.value ?? pair.key);
      return (node.range ?? pair.key.range)?.[0] ?? 0;
    }
    const node = document.getIn(steps, true) as Node | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}
