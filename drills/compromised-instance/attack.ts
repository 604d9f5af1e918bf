import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import { textAt, type JsonObject } from '../../lib/model/json';
import { deliverAwsEvent } from '../../local/deliver-event';
import { putIntoTrail } from '../feeder';
import { type Call, type Caller, cloudTrailRecord, instanceIdentity } from '../records';
import type { AttackTrace, DrillWorld } from '../scenario';
import { type FindingPlace, torFinding } from './finding';

const ADDRESS = '203.0.113.99';

/** What the attacker does: all of it reads, so nothing has to be really called; GuardDuty's finding is delivered in its stead. */
export async function attack(world: DrillWorld): Promise<AttackTrace> {
  const { api, company, tell } = world;
  const { web, role } = company.servers;
  const caller: Caller = {
    identity: instanceIdentity(role, web.id, api, new Date()),
    address: ADDRESS,
    userAgent: 'Boto3/1.35.0 md/Botocore#1.35.0 ua/2.0 os/linux#6.1.0 lang/python#3.12.6',
  };
  tell(`tries the credentials of role ${role.name} from ${ADDRESS}: GetCallerIdentity, DescribeInstances`);
  const records = exampleCalls().map((call) => cloudTrailRecord(caller, call, api, new Date()));
  await putIntoTrail(api, company.trail, records);

  const finding = torFinding(await placeOf(world), new Date());
  tell(`joins ${web.id} to Tor; GuardDuty notices: ${textAt(finding, 'type') ?? ''}`);
  const putAt = Date.now();
  const event = { source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', detail: finding };
  const reached = await deliverAwsEvent(api, event);
  if (reached.length === 0)
    throw new Error('no EventBridge rule took the GuardDuty finding; is `guardDuty: true` in drills/firebreak.yaml?');
  return { entities: [web.arn], putAt, containments: 1 };
}

export function exampleCalls(): Call[] {
  const instances: JsonObject = { filterSet: {}, instancesSet: {} };
  return [
    { eventVersion: '1.08', service: 'sts', name: 'GetCallerIdentity', readOnly: true, request: null, response: null },
    {
      eventVersion: '1.10',
      service: 'ec2',
      name: 'DescribeInstances',
      readOnly: true,
      request: instances,
      response: null,
    },
  ];
}

async function placeOf({ api, company }: DrillWorld): Promise<FindingPlace> {
  const { servers, network } = company;
  const { NetworkInterfaces = [] } = await api.ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [servers.web.id] }] }),
  );
  return {
    account: api.account,
    region: api.region,
    zone: network.zone,
    instanceId: servers.web.id,
    profileArn: servers.role.profileArn,
    vpc: network.vpc,
    name: 'web-1',
    interfaces: NetworkInterfaces.map((one) => ({
      id: one.NetworkInterfaceId ?? '',
      subnet: one.SubnetId ?? '',
      address: one.PrivateIpAddress ?? '',
      groups: (one.Groups ?? []).map(({ GroupId }) => GroupId ?? ''),
    })),
  };
}
