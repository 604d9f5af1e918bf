import type { Permission } from './runbook-facts';

/**
 * `{name}` becomes the value of that name.
 *
 * @throws Error where there is no such value.
 */
export function fillText(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value !== undefined) return value;
    throw new Error(`a permission names '{${name}}', which is none of ${Object.keys(values).join(', ')}`);
  });
}

/** Fills a permission's resources and conditions. */
export function fillPermission(permission: Permission, values: Readonly<Record<string, string>>): Permission {
  const fill = (text: string) => fillText(text, values);
  return {
    ...permission,
    resources: permission.resources.map(fill),
    ...(permission.conditions && { conditions: fillConditions(permission.conditions, fill) }),
  };
}

function fillConditions(
  conditions: NonNullable<Permission['conditions']>,
  fill: (text: string) => string,
): Record<string, Record<string, string | string[]>> {
  return Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).map(([key, value]) => [key, typeof value === 'string' ? fill(value) : value.map(fill)]),
      ),
    ]),
  );
}
