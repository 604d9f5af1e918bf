import { entityKey, type Entity } from '../../../../lib/model/entity';

/** Each entity once in each role, as it was named first. */
export function distinct(entities: readonly Entity[]): Entity[] {
  const found = new Map<string, Entity>();
  for (const one of entities) {
    const key = `${one.role}|${entityKey(one)}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}
