import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isJsonObject, type Json } from '../../lib/model/json';
import type { RuleFile } from '../../lib/sigma/compile';
import type { Problem } from '../../lib/sigma/problems';
import { packageRoot } from '../../lib/prebuilt-code';
import { validate } from './json-schema';

type Kind = 'detection-rule' | 'correlation-rules' | 'filters';

/** Sigma's JSON schemas, read in place; undefined where they are not. */
export class SigmaSchemas {
  readonly #schemas: ReadonlyMap<Kind, Readonly<Record<string, unknown>>>;

  private constructor(folder: string) {
    this.#schemas = new Map(
      (['detection-rule', 'correlation-rules', 'filters'] as const).map((kind) => [
        kind,
        JSON.parse(readFileSync(join(folder, `sigma-${kind}-schema.json`), 'utf8')) as Record<string, unknown>,
      ]),
    );
  }

  /**
   * @param folder a checkout of SigmaHQ/sigma-specification has them in `json-schema`
   */
  static open(folder: string): SigmaSchemas | undefined {
    return existsSync(join(folder, 'sigma-detection-rule-schema.json')) ? new SigmaSchemas(folder) : undefined;
  }

  /** Where they are in this repository's corpus. */
  static defaultFolder(): string {
    const corpus = process.env.FIREBREAK_CORPUS ?? join(packageRoot(), '..', 'shared', 'corpus');
    return join(corpus, 'spec', 'json-schema');
  }

  /** What a file has that the schema of its kind does not allow. Broken YAML is told by the compiler. */
  check(file: RuleFile): Problem[] {
    const documents = parseAllDocuments(file.text, { schema: 'core' });
    if (!Array.isArray(documents)) return [];
    return documents.flatMap((document) => {
      const value: unknown = document.errors.length > 0 ? undefined : document.toJS();
      if (!isJsonObject(value)) return [];
      const start = file.text.slice(0, document.contents?.range[0] ?? 0).split('\n').length;
      return this.problems(value).map((message) => ({ path: file.path, line: start, column: 1, message }));
    });
  }

  problems(document: Json): string[] {
    const kind = kindOf(document);
    const schema = this.#schemas.get(kind);
    if (schema === undefined) return [];
    return validate(schema, document).map(({ at, message }) => `Sigma's ${kind} schema: ${at} ${message}`);
  }
}

function kindOf(document: Json): Kind {
  if (isJsonObject(document) && document['correlation'] !== undefined) return 'correlation-rules';
  return isJsonObject(document) && document['filter'] !== undefined ? 'filters' : 'detection-rule';
}
