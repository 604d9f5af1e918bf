/** Shapes of shared things that tests and drills contain. */
export interface SnapshotCase {
  readonly name: string;
  readonly kind: 'snapshot' | 'image' | 'db-snapshot' | 'db-cluster-snapshot';
  readonly everybody: boolean;
  readonly accounts: readonly string[];
  /** Images only. */
  readonly organizations: readonly string[];
  /** Images only: are their snapshots shared as well? */
  readonly snapshotsToo: boolean;
}

const ORGANIZATION = 'arn:aws:organizations::999999999999:organization/o-abcdefghij';
const UNIT = 'arn:aws:organizations::999999999999:ou/o-abcdefghij/ou-abcd-12345678';
const rest = { everybody: false, accounts: [], organizations: [], snapshotsToo: false };

export const cases: readonly SnapshotCase[] = [
  { ...rest, name: 'a snapshot with everybody', kind: 'snapshot', everybody: true },
  { ...rest, name: 'a snapshot with two accounts', kind: 'snapshot', accounts: ['111122223333', '444455556666'] },
  { ...rest, name: 'a snapshot with nobody', kind: 'snapshot' },
  {
    name: 'an image with everybody, an account, an organisation and a unit, its snapshots too',
    kind: 'image',
    everybody: true,
    accounts: ['111122223333'],
    organizations: [ORGANIZATION, UNIT],
    snapshotsToo: true,
  },
  { ...rest, name: 'an image with an account', kind: 'image', accounts: ['111122223333'] },
  {
    ...rest,
    name: 'a database snapshot with everybody and an account',
    kind: 'db-snapshot',
    everybody: true,
    accounts: ['111122223333'],
  },
  {
    ...rest,
    name: 'a cluster snapshot with two accounts',
    kind: 'db-cluster-snapshot',
    accounts: ['111122223333', '444455556666'],
  },
];
