import { isJsonObject, type Json } from '../../lib/model/json';

/** What is wrong, and where: `$.correlation.rules[0]`. */
export interface SchemaProblem {
  readonly at: string;
  readonly message: string;
}

type Schema = Readonly<Record<string, unknown>>;
type Keyword = (argument: unknown, value: Json, at: string, schema: Schema) => SchemaProblem[];

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: isJsonObject,
};
const one = (at: string, message: string): SchemaProblem[] => [{ at, message }];
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;
const list = (argument: unknown): Schema[] => (Array.isArray(argument) ? argument.filter(isSchema) : []);
const sizeOf = (value: Json): number => (typeof value === 'string' || Array.isArray(value) ? value.length : 0);

/** The keywords of JSON Schema that Sigma's schemas use; others are descriptions, as JSON Schema says. */
const KEYWORDS: Readonly<Record<string, Keyword>> = {
  type: (type, value, at) => (TYPES[String(type)]?.(value) === false ? one(at, `is not of type ${String(type)}`) : []),
  const: (wanted, value, at) => (value === wanted ? [] : one(at, `is not '${String(wanted)}'`)),
  format: (format, value, at) =>
    format === 'uuid' && typeof value === 'string' && !UUID.test(value) ? one(at, 'is not a UUID') : [],
  pattern: (pattern, value, at) =>
    typeof value === 'string' && !new RegExp(String(pattern), 'u').test(value)
      ? one(at, `does not fit ${String(pattern)}`)
      : [],
  maxLength: (most, value, at) =>
    typeof value === 'string' && value.length > Number(most)
      ? one(at, `is longer than ${String(most)} characters`)
      : [],
  minLength: (least, value, at) =>
    typeof value === 'string' && value.length < Number(least)
      ? one(at, `is shorter than ${String(least)} characters`)
      : [],
  minItems: (least, value, at) =>
    Array.isArray(value) && sizeOf(value) < Number(least) ? one(at, `has fewer than ${String(least)} items`) : [],
  uniqueItems: (_, value, at) =>
    Array.isArray(value) && new Set(value.map((item) => JSON.stringify(item))).size < value.length
      ? one(at, 'has an item twice')
      : [],
  required: (keys, value, at) =>
    isJsonObject(value) && Array.isArray(keys)
      ? keys
          .filter((key) => value[String(key)] === undefined)
          .map((key) => ({ at, message: `has no '${String(key)}'` }))
      : [],
  properties: (properties, value, at) =>
    isJsonObject(value) && isSchema(properties)
      ? Object.entries(properties).flatMap(([key, schema]) => {
          const item = value[key];
          return item === undefined || !isSchema(schema) ? [] : validate(schema, item, `${at}.${key}`);
        })
      : [],
  additionalProperties: (schema, value, at, whole) => {
    const known = isSchema(whole['properties']) ? whole['properties'] : {};
    if (!isJsonObject(value) || !isSchema(schema)) return [];
    return Object.entries(value).flatMap(([key, item]) =>
      key in known || item === undefined ? [] : validate(schema, item, `${at}.${key}`),
    );
  },
  items: (schema, value, at) =>
    Array.isArray(value) && isSchema(schema)
      ? value.flatMap((item, index) => validate(schema, item, `${at}[${index}]`))
      : [],
  anyOf: (schemas, value, at) =>
    list(schemas).some((schema) => validate(schema, value, at).length === 0)
      ? []
      : one(at, 'fits none of the allowed forms'),
  oneOf: (schemas, value, at) => {
    const fits = list(schemas).filter((schema) => validate(schema, value, at).length === 0).length;
    return fits === 1
      ? []
      : one(at, `fits ${fits === 0 ? 'none' : 'several'} of the allowed values, got ${JSON.stringify(value)}`);
  },
  allOf: (schemas, value, at) => list(schemas).flatMap((schema) => validate(schema, value, at)),
  then: (schema, value, at, whole) =>
    isSchema(schema) && isSchema(whole['if']) && validate(whole['if'], value, at).length === 0
      ? validate(schema, value, at)
      : [],
};

/** What is wrong with a value by a JSON schema. Enough of it for Sigma's; a full one would be a dependency. */
export function validate(schema: Schema, value: Json, at = '$'): SchemaProblem[] {
  return Object.entries(schema).flatMap(
    ([keyword, argument]) => KEYWORDS[keyword]?.(argument, value, at, schema) ?? [],
  );
}
