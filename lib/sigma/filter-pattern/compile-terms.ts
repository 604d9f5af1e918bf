import { compileEquals } from './compare';
import type { Term } from './syntax';

/** Looks at the message as it is. Any plain term makes all `?` terms count for nothing: so it was seen. */
export function compileTerms(terms: readonly Term[]): (message: string) => boolean {
  const of = (role: Term['role']): ((message: string) => boolean)[] =>
    terms
      .filter((term) => term.role === role)
      .map(({ operand }) => {
        const holds = compileEquals(operand);
        return (message) => holds({ text: message });
      });
  const [needed, optional, excluded] = [of('needed'), of('optional'), of('excluded')];
  return (message) =>
    needed.every((test) => test(message)) &&
    (needed.length > 0 || optional.length === 0 || optional.some((test) => test(message))) &&
    !excluded.some((test) => test(message));
}
