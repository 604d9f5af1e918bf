/** Values by period, oldest first; undefined where there is none. A number counts for every period. */
type Series = readonly (number | undefined)[];
type Value = number | Series;

/**
 * Metric math as CloudWatch's user guide tells it, as far as our alarms use it; anything else throws.
 */
export function metricMath(text: string, known: Readonly<Record<string, Series>>): Series {
  const periods = Object.values(known)[0] ?? [];
  const tokens = text.match(/[A-Za-z]\w*|\d+(?:\.\d+)?|[>+(),]/g) ?? [];
  if (tokens.join('') !== text.replaceAll(/\s/g, '')) throw new Error(`not all of '${text}' is known`);
  const take = () => tokens.shift() ?? '';
  const wanted = (token: string) => {
    const got = take();
    if (got !== token) throw new Error(`'${token}' is needed in '${text}', got '${got}'`);
  };
  const at = (value: Value, period: number) => (typeof value === 'number' ? value : value[period]);
  const each = (combine: (...numbers: number[]) => number, ...values: Value[]): Value => {
    if (values.every((value) => typeof value === 'number')) return combine(...values);
    return periods.map((_, period) => {
      const numbers = values.map((value) => at(value, period));
      return numbers.every((number) => number !== undefined) ? combine(...numbers) : undefined;
    });
  };
  const functions: Readonly<Record<string, (...values: Value[]) => Value>> = {
    DIFF: (value) =>
      periods.map((_, period) => minus(at(value, period), period > 0 ? at(value, period - 1) : undefined)),
    FILL: (value, filler) => periods.map((_, period) => at(value, period) ?? at(filler, period)),
    // Where the condition or the chosen branch has no value there is none.
    IF: (condition, yes, no) =>
      periods.map((_, period) => {
        const chosen = at(condition, period);
        return chosen === undefined ? undefined : at(chosen === 0 ? no : yes, period);
      }),
  };
  const operand = (): Value => {
    const token = take();
    if (/^\d/.test(token)) return Number(token);
    if (token === '(') {
      const value = and();
      wanted(')');
      return value;
    }
    if (tokens[0] !== '(') {
      const series = known[token];
      if (!series) throw new Error(`'${token}' is no metric of '${text}'`);
      return series;
    }
    const call = functions[token];
    if (!call) throw new Error(`the test does not know ${token}`);
    const values: Value[] = [];
    do {
      take();
      values.push(and());
    } while (tokens.at(0) === ',');
    wanted(')');
    return call(...values);
  };
  /** Operators of one rank, from left to right. */
  const ranked = (next: () => Value, operators: Readonly<Record<string, (a: number, b: number) => number>>) => () => {
    let value = next();
    for (let operator = operators[tokens[0] ?? '']; operator; operator = operators[tokens[0] ?? '']) {
      take();
      value = each(operator, value, next());
    }
    return value;
  };
  const sum = ranked(operand, { '+': (a, b) => a + b });
  const comparison = ranked(sum, { '>': (a, b) => Number(a > b) });
  const and: () => Value = ranked(comparison, { AND: (a, b) => Number(a !== 0 && b !== 0) });
  const result = and();
  if (tokens.length > 0) throw new Error(`'${tokens.join(' ')}' is left over of '${text}'`);
  return periods.map((_, period) => at(result, period));
}

function minus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b;
}
