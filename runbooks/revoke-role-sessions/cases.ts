/** Shapes of roles that tests and drills contain. */
export interface RoleCase {
  readonly name: string;
  readonly path: string;
  readonly trust: readonly Readonly<Record<string, string | readonly string[]>>[];
  /** Names of inline policies that it has before. */
  readonly inline: readonly string[];
  readonly boundary: boolean;
  /** Does whoever had a session get the next one without a service? */
  readonly reissue: boolean;
}

const ACCOUNT = 'arn:aws:iam::000000000000:root';

export const cases: readonly RoleCase[] = [
  {
    name: 'of instances alone',
    path: '/',
    trust: [{ Service: 'ec2.amazonaws.com' }],
    inline: ['app'],
    boundary: false,
    reissue: false,
  },
  {
    name: 'of people of the account, under a path',
    path: '/team/ops/',
    trust: [{ AWS: ACCOUNT }],
    inline: [],
    boundary: true,
    reissue: true,
  },
  {
    name: 'of functions and a pipeline',
    path: '/',
    trust: [
      { Service: ['lambda.amazonaws.com', 'ecs-tasks.amazonaws.com'] },
      { Federated: 'arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com' },
    ],
    inline: ['app', 'deploy'],
    boundary: false,
    reissue: true,
  },
  {
    name: 'of pods',
    path: '/',
    trust: [{ Federated: 'arn:aws:iam::000000000000:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/ABC' }],
    inline: [],
    boundary: false,
    reissue: false,
  },
  { name: 'of anybody', path: '/', trust: [{ AWS: '*' }], inline: [], boundary: false, reissue: true },
];
