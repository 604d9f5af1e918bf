import { html as tagged, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** HTML that is safe to put into other HTML: everything in it was escaped, or written by us. */
export type Html = HtmlEscapedString;

/**
 * A template whose values are escaped, unless they are `Html` themselves; lists are joined, and false, null and
 * undefined are left out.
 *
 * @throws Error where a value is a promise: pages are made from what is there.
 */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  const made = tagged(strings, ...values);
  if (made instanceof Promise) throw new Error('a page was made from a value that is not there yet');
  return made;
}

/** Text that we wrote ourselves and that must not be escaped, such as a style sheet. Never what somebody sent. */
export function trusted(text: string): Html {
  return raw(text);
}
