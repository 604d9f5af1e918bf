import type { Ask, Double } from '.';

/**
 * ListProvisionedConcurrencyConfigs, which MiniStack takes for a look at `$LATEST`: made of a look at each alias and
 * each version. One page.
 */
export const provisionedConcurrencyList: Double = async ({ url }, ask) => {
  const [, date = '', name = ''] = /^(\/\d{4}-\d{2}-\d{2})\/functions\/([^/]+)\//.exec(url) ?? [];
  const contentType = 'application/json';
  const found = await ask(`/2015-03-31/functions/${name}`);
  if (found.status !== 200) return { status: found.status, contentType, body: found.body };
  const { FunctionArn } = (JSON.parse(found.body) as { readonly Configuration: { readonly FunctionArn: string } })
    .Configuration;
  const configs: object[] = [];
  for (const qualifier of await qualifiers(name, ask)) {
    const one = await ask(`${date}/functions/${name}/provisioned-concurrency?Qualifier=${qualifier}`);
    if (one.status === 200)
      configs.push({ FunctionArn: `${FunctionArn}:${qualifier}`, ...(JSON.parse(one.body) as object) });
  }
  return { status: 200, contentType, body: JSON.stringify({ ProvisionedConcurrencyConfigs: configs }) };
};

async function qualifiers(name: string, ask: Ask): Promise<string[]> {
  const { Aliases } = await json<{ readonly Aliases: { readonly Name: string }[] }>(
    `/2015-03-31/functions/${name}/aliases`,
    ask,
  );
  const { Versions } = await json<{ readonly Versions: { readonly Version: string }[] }>(
    `/2015-03-31/functions/${name}/versions`,
    ask,
  );
  return [...Aliases.map(({ Name }) => Name), ...Versions.map(({ Version }) => Version)].filter(
    (one) => one !== '$LATEST',
  );
}

async function json<T>(url: string, ask: Ask): Promise<T> {
  const { status, body } = await ask(url);
  if (status !== 200) throw new Error(`${url} was answered ${status}: ${body.slice(0, 200)}`);
  return JSON.parse(body) as T;
}
