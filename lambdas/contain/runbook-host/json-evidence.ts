import type { ActionContext, EvidenceSource } from './action';

/** A piece of evidence that is what an AWS call answered, as JSON. */
export function jsonEvidence(
  name: string,
  call: string,
  read: (context: ActionContext) => Promise<unknown>,
): EvidenceSource {
  return {
    name,
    async collect(context) {
      const body = JSON.stringify(await read(context), null, 2);
      return { call, contentType: 'application/json', body };
    },
  };
}
