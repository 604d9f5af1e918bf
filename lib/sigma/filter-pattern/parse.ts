import { parseFields } from './parse-fields';
import { parseJson } from './parse-json';
import { parseTerms } from './parse-terms';
import { FilterPatternError } from './pattern-error';
import { Scanner } from './scanner';
import { MAX_PATTERN_LENGTH, type FilterPatternSyntax } from './syntax';

/**
 * A filter pattern of CloudWatch Logs to its tree. `{` opens a JSON pattern, `[` a space-delimited one, anything else
 * is terms; an empty one matches everything.
 *
 * @throws FilterPatternError for everything that the service refuses
 */
export function parseFilterPattern(text: string): FilterPatternSyntax {
  if (text.length > MAX_PATTERN_LENGTH) {
    throw new FilterPatternError(
      MAX_PATTERN_LENGTH + 1,
      `a pattern has at most ${MAX_PATTERN_LENGTH} characters, got ${text.length}; shorten it, or use two filters`,
    );
  }
  const start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  if (start >= end) return { kind: 'everything' };
  const closing = { '{': '}', '[': ']' }[text[start] ?? ''];
  if (closing === undefined) return parseTerms(new Scanner(text, start, end));
  if (end - start < 2 || text[end - 1] !== closing) {
    throw new FilterPatternError(
      end,
      `a pattern that begins with '${text[start] ?? ''}' ends with '${closing}'; close it, or put the text in double quotes`,
    );
  }
  const inner = new Scanner(text, start + 1, end - 1);
  return closing === '}' ? parseJson(inner) : parseFields(inner);
}
