import type { Double } from '.';

interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

/**
 * GetBucketPolicyStatus, which MiniStack takes for a listing. Public is what allows everybody something without a
 * condition; AWS weighs conditions as well.
 */
export const policyStatus: Double = async ({ url }, ask) => {
  const [path = ''] = url.split('?');
  const { status, body } = await ask(`${path}?policy`);
  const contentType = 'application/xml';
  if (status !== 200) return { status, contentType, body };
  const { Statement: statements } = JSON.parse(body) as { readonly Statement?: Statement | readonly Statement[] };
  const isPublic = [statements ?? []].flat().some(opensToAll);
  return {
    status,
    contentType,
    body: `<?xml version="1.0" encoding="UTF-8"?><PolicyStatus><IsPublic>${isPublic}</IsPublic></PolicyStatus>`,
  };
};

function opensToAll({ Effect, Principal, Condition }: Statement): boolean {
  return Effect === 'Allow' && Condition === undefined && JSON.stringify(Principal ?? '').includes('"*"');
}
