import {
  CreateLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { install } from '../../local/install';
import { embeddedAws } from '../embedded/aws';

const NAMED_TWICE = `
from moto.elb.models import ELBBackend
class Balancer:
    instance_sparse_ids = []
backend = ELBBackend.__new__(ELBBackend)
backend.get_load_balancer = lambda name: Balancer
for _ in range(2):
    backend.register_instances("probe", ["i-1"])
print(Balancer.instance_sparse_ids)
`;

test('moto by itself still names an instance as often as it was registered', async () => {
  const { python } = await install();

  const { stdout } = await promisify(execFile)(python, ['-c', NAMED_TWICE]);

  // When this fails, moto has learned it: remove what local/moto_server.py does.
  expect(stdout.trim()).toBe("['i-1', 'i-1']");
});

test('a Classic Load Balancer has an instance once, however often it is registered', async () => {
  const client = new ElasticLoadBalancingClient(embeddedAws().client);
  const LoadBalancerName = `once-${randomUUID().slice(0, 8)}`;
  const Listeners = [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 8080 }];
  await client.send(new CreateLoadBalancerCommand({ LoadBalancerName, Listeners, AvailabilityZones: ['us-east-1a'] }));
  const register = (ids: readonly string[]) => {
    const Instances = ids.map((InstanceId) => ({ InstanceId }));
    return client.send(new RegisterInstancesWithLoadBalancerCommand({ LoadBalancerName, Instances }));
  };

  await register(['i-1', 'i-1']);
  await register(['i-1', 'i-2']);

  const { LoadBalancerDescriptions } = await client.send(
    new DescribeLoadBalancersCommand({ LoadBalancerNames: [LoadBalancerName] }),
  );
  expect(LoadBalancerDescriptions?.[0]?.Instances?.map(({ InstanceId }) => InstanceId)).toEqual(['i-1', 'i-2']);
});
