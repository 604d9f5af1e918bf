import { onCall as whoseTurn } from '../../lambdas/escalate/page/on-call';
import { bad, type Check, type Finding, ok, warning } from './check';
import { type DeployedLevel, deployedLevels } from './levels';

export const onCall: Check = {
  name: 'on call',
  async look(patient) {
    return judgeOnCall(await deployedLevels(patient), new Date());
  },
};

/** Whom the first page of each level would reach. */
export function judgeOnCall(levels: readonly DeployedLevel[], now: Date): Finding {
  if (levels.length === 0) return warning('no escalation chain is deployed', 'deploy the stack again');
  const reached = levels.map(({ chain, level }) => {
    const turn = level.rotation && whoseTurn(level.rotation, now);
    return { place: `${chain}/${level.name}`, who: [...level.recipients, ...(turn ? [turn] : [])], turn };
  });
  const empty = reached.filter(({ who }) => who.length === 0).map(({ place }) => place);
  if (empty.length > 0) return bad(`nobody would be paged at ${empty.join(', ')}`, 'add a recipient, and deploy');
  return ok(
    reached
      .map(({ place, who, turn }) => `${place}: ${(turn ? [turn] : who).map(({ label }) => label).join(', ')}`)
      .join('; '),
  );
}
