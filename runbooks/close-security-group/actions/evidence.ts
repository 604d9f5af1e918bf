import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { ActionContext, EvidenceSource } from '../../../lambdas/contain/runbook-host/action';
import { choose } from './choose';
import { groupId, readGroup } from './group';
import { historyOf, readHistory } from './history';
import { readAllRules, readOpenRules } from './rules';

function json(name: string, call: string, read: (context: ActionContext) => Promise<unknown>): EvidenceSource {
  return {
    name,
    async collect(context) {
      return { call, contentType: 'application/json', body: JSON.stringify(await read(context), null, 2) };
    },
  };
}

/** Rules first: whoever added them can take them away, and with them every trace outside CloudTrail. */
export const evidence: readonly EvidenceSource[] = [
  json('rules', 'ec2:DescribeSecurityGroupRules', readAllRules),
  json('group', 'ec2:DescribeSecurityGroups', async (context) => (await readGroup(context)).all),
  json('network-interfaces', 'ec2:DescribeNetworkInterfaces by group-id', async (context) => {
    const { NetworkInterfaces } = await context.aws
      .of(EC2Client)
      .send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'group-id', Values: [groupId(context)] }] }));
    return NetworkInterfaces;
  }),
  json(
    'open-rules',
    'ec2:DescribeSecurityGroupRules, cloudtrail:LookupEvents, the alerts of the incident',
    async (context) => {
      const history = await historyOf(context);
      return { choices: choose(await readOpenRules(context), history, context.startedAt), olderEvents: history.more };
    },
  ),
  json('cloudtrail-by-group', 'cloudtrail:LookupEvents by ResourceName', readHistory),
];
