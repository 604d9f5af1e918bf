import type { Incident } from '../../lib/model/incident';
import { type Check, count, type Finding, ok, warning } from './check';
import { deployedLevels } from './levels';

/** Chains that were renamed or removed while incidents were open that name them. */
export const chains: Check = {
  name: 'escalation chains',
  async look({ firebreak, aws, stack }) {
    const open = await firebreak.query<Incident[]>({ op: 'list', status: 'open', limit: 500 });
    const levels = open.length === 0 ? [] : await deployedLevels({ aws, stack });
    return judgeChains(open, new Set(levels.map(({ chain }) => chain)));
  },
};

export function judgeChains(open: readonly Pick<Incident, 'id' | 'chain'>[], deployed: ReadonlySet<string>): Finding {
  const lost = open.filter(({ chain }) => !deployed.has(chain));
  if (lost.length === 0) return ok(`${count(open.length, 'open incident')}, each of a chain that is deployed`);
  const named = lost.slice(0, 5).map(({ id, chain }) => `${id} (chain '${chain}')`);
  return warning(
    `of a chain that is not deployed any more: ${named.join(', ')}${lost.length > 5 ? ` and ${lost.length - 5} more` : ''}`,
    'the default chain pages for them from the next attempt on; tell whoever had them, or deploy the chain again',
  );
}
