import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { onCall as whoseTurn } from '../../lambdas/escalate/page/on-call';
import type { LevelSnapshot } from '../../lib/model/recipient';
import { isJsonObject, type Json } from '../../lib/model/json';
import { bad, type Check, type Finding, ok, warning } from './check';

/** Reads the chains as they are deployed: what a page that is sent now would go by. */
export const onCall: Check = {
  name: 'on call',
  async look({ aws, stack }) {
    const client = new SFNClient(aws);
    const definitions = await Promise.all(
      stack.list('FirebreakMachines').map(async (stateMachineArn) => {
        const { definition } = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
        return JSON.parse(definition ?? '{}') as Json;
      }),
    );
    return judgeOnCall(definitions.flatMap(levelsOf), new Date());
  },
};

/** Whom the first page of each level would reach. */
export function judgeOnCall(
  levels: readonly { readonly chain: string; readonly level: LevelSnapshot }[],
  now: Date,
): Finding {
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

/** The levels that stand in the definition of an escalation chain; none in that of a runbook. */
export function levelsOf(definition: Json): { readonly chain: string; readonly level: LevelSnapshot }[] {
  const states = isJsonObject(definition) ? definition['States'] : undefined;
  return Object.values(isJsonObject(states) ? states : {}).flatMap((state) => {
    const parameters = isJsonObject(state) ? (state['Parameters'] ?? state['Arguments']) : undefined;
    const payload = isJsonObject(parameters) ? parameters['Payload'] : undefined;
    if (!isJsonObject(payload) || !isJsonObject(payload['level']) || typeof payload['chain'] !== 'string') return [];
    return [{ chain: payload['chain'], level: payload['level'] as unknown as LevelSnapshot }];
  });
}
