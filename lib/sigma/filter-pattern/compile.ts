import { assertNever } from '../../model/assert-never';
import { compileFields } from './compile-fields';
import { compileJson } from './compile-json';
import { compileTerms } from './compile-terms';
import { parseFilterPattern } from './parse';

/**
 * A filter pattern of CloudWatch Logs to what it says of a message, as the service was seen to do.
 *
 * @throws FilterPatternError for everything that the service refuses
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  const syntax = parseFilterPattern(pattern);
  switch (syntax.kind) {
    case 'everything':
      return () => true;
    case 'terms':
      return compileTerms(syntax.of);
    case 'json':
      return compileJson(syntax.condition);
    case 'fields':
      return compileFields(syntax.of);
    default:
      return assertNever(syntax);
  }
}

/** The last one, since who asks mostly asks of many messages. */
let latest: { readonly pattern: string; readonly test: (message: string) => boolean } | undefined;

/** Does a message match? TestMetricFilter for one message. @throws FilterPatternError */
export function matchesPattern(pattern: string, message: string): boolean {
  latest = latest?.pattern === pattern ? latest : { pattern, test: compileFilterPattern(pattern) };
  return latest.test(message);
}
