import { z } from 'zod';

export const name = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
    'a name of letters, digits and hyphens that begins with a letter, at most 40 characters',
  );
export const duration = z
  .string()
  .regex(/^[1-9]\d{0,3}[smhd]$/, "a duration such as '90s', '5m', '2h' or '1d'")
  .describe("A whole number with its unit: 's', 'm', 'h' or 'd'");
export const arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:`), `an ARN of ${service}, such as arn:aws:${service}:…`);
export const arnPattern = z
  .string()
  .regex(
    /^arn:(\*|aws[a-z-]*):[a-z0-9-]+:/,
    "an ARN, with '*' where any will do, such as arn:aws:iam::111122223333:user/break-glass*",
  );
export const label = z.string().trim().min(1).max(80);
export const accountId = z.string().regex(/^\d{12}$/, 'twelve digits, in quotes');
export const list = <T extends z.ZodType>(of: T) => z.array(of).min(1, 'at least one');

/** Says of each entry whose name an entry before it has. */
export function eachItsOwnName(context: z.core.ParsePayload<{ readonly name: string }[]>): void {
  const seen = new Set<string>();
  for (const [index, { name: input }] of context.value.entries()) {
    if (seen.has(input)) {
      context.issues.push({ code: 'custom', input, path: [index, 'name'], message: 'a name that no other here has' });
    }
    seen.add(input);
  }
}

/** Says of each entry that stands there already. */
export function eachOnce(context: z.core.ParsePayload<string[]>): void {
  for (const [index, input] of context.value.entries()) {
    if (context.value.indexOf(input) === index) continue;
    context.issues.push({ code: 'custom', input, path: [index], message: 'named once' });
  }
}

export const time = z.iso
  .datetime({ offset: true, error: 'a time with its zone, such as 2027-01-31T22:00:00Z' })
  .describe('ISO 8601, with its zone');
