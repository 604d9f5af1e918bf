import { AttachUserPolicyCommand } from '@aws-sdk/client-iam';
import type { Person } from '../company/people';
import { putIntoTrail } from '../feeder';
import { type Call, type Caller, cloudTrailRecord, userIdentity } from '../records';
import type { AttackTrace, DrillWorld } from '../scenario';
import { FightingAttacker } from './attacker';

/** From an address of TEST-NET-2, which nobody has. */
const ADDRESS = '198.51.100.23';
const ADMINISTRATOR_ACCESS = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** Makes himself administrator, and from then on takes back whatever is taken away. */
export async function attack(world: DrillWorld, administrator: Person): Promise<AttackTrace> {
  const { api, company, tell } = world;
  const caller: Caller = {
    identity: userIdentity(administrator, api),
    address: ADDRESS,
    userAgent: 'Boto3/1.35.9 md/Botocore#1.35.9 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.12.6',
  };
  await api.iam.send(new AttachUserPolicyCommand({ UserName: administrator.name, PolicyArn: ADMINISTRATOR_ACCESS }));
  tell(`AttachUserPolicy: ${administrator.name} is administrator now`);
  const attacker = new FightingAttacker({ iam: api.iam, user: administrator.arn });
  attacker.start();
  tell('takes back whatever is taken away from now on, without a pause');
  const [made] = exampleCalls(administrator).map((call) => cloudTrailRecord(caller, call, api, new Date()));
  const putAt = await putIntoTrail(api, company.trail, made ? [made] : []);
  return {
    entities: [administrator.arn],
    putAt,
    containments: 1,
    stop: async () => {
      await attacker.stop();
      tell(`leaves; took back: ${counted(attacker.done)}`);
    },
  };
}

/** The record that the attack writes; for the test of its shape. */
export function exampleCalls(administrator: Person): Call[] {
  return [
    {
      eventVersion: '1.09',
      service: 'iam',
      name: 'AttachUserPolicy',
      readOnly: false,
      request: { policyArn: ADMINISTRATOR_ACCESS, userName: administrator.name },
      response: null,
    },
  ];
}

function counted(calls: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const call of calls) counts.set(call, (counts.get(call) ?? 0) + 1);
  return [...counts].map(([call, count]) => `${call} ${count} times`).join(', ') || 'nothing';
}
