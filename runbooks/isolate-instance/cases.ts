/** Shapes of instances that tests and drills contain. */
export interface InstanceCase {
  readonly name: string;
  readonly interfaces: number;
  /** Security groups of each interface, besides the default one: how many. */
  readonly groups: number;
  readonly autoScaling: boolean;
  readonly loadBalancer: boolean;
  /** Registered with a Classic Load Balancer, too. */
  readonly classic?: boolean;
  readonly profile: boolean;
}

export const cases: readonly InstanceCase[] = [
  { name: 'bare', interfaces: 1, groups: 1, autoScaling: false, loadBalancer: false, profile: false },
  { name: 'two interfaces', interfaces: 2, groups: 2, autoScaling: false, loadBalancer: false, profile: true },
  { name: 'behind a load balancer', interfaces: 1, groups: 1, autoScaling: false, loadBalancer: true, profile: true },
  {
    name: 'behind a Classic Load Balancer',
    interfaces: 1,
    groups: 1,
    autoScaling: false,
    loadBalancer: false,
    classic: true,
    profile: false,
  },
  {
    name: 'everything',
    interfaces: 2,
    groups: 2,
    autoScaling: true,
    loadBalancer: true,
    classic: true,
    profile: true,
  },
];
