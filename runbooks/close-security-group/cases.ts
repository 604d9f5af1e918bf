/** Shapes of security groups that tests and drills contain. */
export interface SecurityGroupCase {
  readonly name: string;
  readonly rules: readonly RuleCase[];
  /** Of the rules, by index: those that must go where CloudTrail knows nothing. */
  readonly revoked: readonly number[];
}

export interface RuleCase {
  readonly protocol: string;
  readonly from?: number;
  readonly to?: number;
  /** An address range, `list:` and the ranges of a prefix list, or `group` for the group itself. */
  readonly source: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

const office: RuleCase = { protocol: 'tcp', from: 22, to: 22, source: '198.51.100.0/24', description: 'office' };

export const cases: readonly SecurityGroupCase[] = [
  {
    name: 'SSH open over IPv4 and IPv6, described and tagged',
    rules: [
      office,
      {
        protocol: 'tcp',
        from: 22,
        to: 22,
        source: '0.0.0.0/0',
        description: 'temporary',
        tags: { owner: 'web', ticket: '7' },
      },
      { protocol: 'tcp', from: 22, to: 22, source: '::/0' },
    ],
    revoked: [1, 2],
  },
  {
    name: 'a web server that was opened on everything',
    rules: [
      { protocol: 'tcp', from: 443, to: 443, source: '0.0.0.0/0', description: 'web' },
      { protocol: 'tcp', from: 80, to: 80, source: '::/0' },
      { protocol: '-1', source: '0.0.0.0/0' },
      { protocol: 'tcp', from: 1, to: 65535, source: '::/0' },
    ],
    revoked: [2, 3],
  },
  {
    name: 'a database that a prefix list and half the world reach',
    rules: [
      { protocol: 'tcp', from: 5432, to: 5432, source: 'group' },
      { protocol: 'tcp', from: 5432, to: 5432, source: 'list:0.0.0.0/1,128.0.0.0/1' },
      { protocol: 'tcp', from: 5432, to: 5432, source: 'list:198.51.100.0/24' },
      { protocol: 'udp', from: 53, to: 53, source: '128.0.0.0/1' },
    ],
    revoked: [1, 3],
  },
  { name: 'nothing open to the world', rules: [office], revoked: [] },
];
