import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../lib/model/json';

/** What a finding says about an instance and its surroundings. */
export interface FindingPlace {
  readonly account: string;
  readonly region: string;
  readonly zone: string;
  readonly instanceId: string;
  readonly profileArn: string;
  readonly vpc: string;
  readonly interfaces: readonly {
    readonly id: string;
    readonly subnet: string;
    readonly address: string;
    readonly groups: readonly string[];
  }[];
  readonly name: string;
}

/** Nobody has an address of TEST-NET-2. */
const TOR_ADDRESS = '198.51.100.23';

/**
 * The detail of a GuardDuty finding as EventBridge delivers it: field names in lower camel case. Held against the
 * corpus by a test.
 */
export function torFinding(place: FindingPlace, now: Date): JsonObject {
  const id = randomBytes(16).toString('hex');
  const detectorId = randomBytes(16).toString('hex');
  const at = now.toISOString();
  const seconds = `${at.slice(0, 19)}.000Z`;
  return {
    schemaVersion: '2.0',
    accountId: place.account,
    region: place.region,
    partition: 'aws',
    id,
    arn: `arn:aws:guardduty:${place.region}:${place.account}:detector/${detectorId}/finding/${id}`,
    type: 'UnauthorizedAccess:EC2/TorClient',
    resource: { resourceType: 'Instance', instanceDetails: instanceDetails(place) },
    service: {
      serviceName: 'guardduty',
      detectorId,
      action: { actionType: 'NETWORK_CONNECTION', networkConnectionAction: connection(place) },
      resourceRole: 'TARGET',
      additionalInfo: { value: '{"threatName":"Tor"}', type: 'default' },
      evidence: { threatIntelligenceDetails: [{ threatListName: 'ProofPoint', threatNames: ['Tor'] }] },
      eventFirstSeen: seconds,
      eventLastSeen: seconds,
      archived: false,
      count: 1,
    },
    severity: 8,
    createdAt: at,
    updatedAt: at,
    title: `The EC2 instance ${place.instanceId} is communicating with a Tor entry node.`,
    description: `The EC2 instance ${place.instanceId} is communicating with IP address ${TOR_ADDRESS} on the Tor Anonymizing Proxy network marked as an entry node.`,
  };
}

function instanceDetails(place: FindingPlace): JsonObject {
  return {
    instanceId: place.instanceId,
    instanceType: 't3.micro',
    launchTime: '2026-01-15T08:00:00.000Z',
    productCodes: [],
    iamInstanceProfile: { arn: place.profileArn, id: 'AIPAEXAMPLE' },
    networkInterfaces: place.interfaces.map(({ id, subnet, address, groups }) => ({
      ipv6Addresses: [],
      networkInterfaceId: id,
      privateDnsName: `ip-${address.replaceAll('.', '-')}.ec2.internal`,
      privateIpAddress: address,
      privateIpAddresses: [
        { privateDnsName: `ip-${address.replaceAll('.', '-')}.ec2.internal`, privateIpAddress: address },
      ],
      subnetId: subnet,
      vpcId: place.vpc,
      securityGroups: groups.map((groupId) => ({ groupName: groupId, groupId })),
      publicDnsName: '',
    })),
    tags: [{ key: 'Name', value: place.name }],
    instanceState: 'running',
    availabilityZone: place.zone,
    imageId: 'ami-0123456789abcdef0',
    imageDescription: 'Amazon Linux 2023 AMI',
  };
}

function connection(place: FindingPlace): JsonObject {
  const [first] = place.interfaces;
  return {
    connectionDirection: 'OUTBOUND',
    remoteIpDetails: {
      ipAddressV4: TOR_ADDRESS,
      organization: { asn: '64500', asnOrg: 'Documentation', isp: 'Documentation', org: 'Documentation' },
      country: { countryName: 'Nowhere' },
      city: { cityName: '' },
      geoLocation: { lat: 0, lon: 0 },
    },
    remotePortDetails: { port: 9001, portName: 'Unknown' },
    localPortDetails: { port: 43210, portName: 'Unknown' },
    protocol: 'TCP',
    blocked: false,
    localIpDetails: { ipAddressV4: first?.address ?? '' },
    localNetworkInterface: first?.id ?? '',
  };
}
