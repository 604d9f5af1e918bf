import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { isJsonObject, type Json } from '../../lib/model/json';
import type { LevelSnapshot } from '../../lib/model/recipient';
import type { Patient } from './check';

/** A level of a chain, as it is deployed: what a page that is sent now would go by. */
export interface DeployedLevel {
  readonly chain: string;
  readonly level: LevelSnapshot;
}

export async function deployedLevels({ aws, stack }: Pick<Patient, 'aws' | 'stack'>): Promise<DeployedLevel[]> {
  const client = new SFNClient(aws);
  const definitions = await Promise.all(
    stack.list('FirebreakMachines').map(async (stateMachineArn) => {
      const { definition } = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
      return JSON.parse(definition ?? '{}') as Json;
    }),
  );
  return definitions.flatMap(levelsOf);
}

/** The levels that stand in the definition of an escalation chain; none in that of a runbook. */
export function levelsOf(definition: Json): DeployedLevel[] {
  const states = isJsonObject(definition) ? definition['States'] : undefined;
  return Object.values(isJsonObject(states) ? states : {}).flatMap((state) => {
    const parameters = isJsonObject(state) ? (state['Parameters'] ?? state['Arguments']) : undefined;
    const payload = isJsonObject(parameters) ? parameters['Payload'] : undefined;
    if (!isJsonObject(payload) || !isJsonObject(payload['level']) || typeof payload['chain'] !== 'string') return [];
    return [{ chain: payload['chain'], level: payload['level'] as unknown as LevelSnapshot }];
  });
}

/** The phone numbers that a level pages by text message, whoever's turn it is. */
export function numbersOf({ recipients, rotation }: LevelSnapshot): string[] {
  const all = [...recipients, ...(rotation?.people ?? [])];
  const channels = all.flatMap((one) => (one.kind === 'person' ? one.channels : [one]));
  return channels.flatMap((channel) => (channel.kind === 'sms' ? [channel.phoneNumber] : []));
}
