/** Shapes of users that tests and drills contain. */
export interface UserCase {
  readonly name: string;
  readonly path: string;
  readonly activeKeys: number;
  readonly inactiveKeys: number;
  readonly password: boolean;
  /** What stands where the quarantine policy goes: nothing, or a policy of the same name. */
  readonly inlineBefore: string | null;
}

const ALLOW = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

export const cases: readonly UserCase[] = [
  { name: 'one key', path: '/', activeKeys: 1, inactiveKeys: 0, password: false, inlineBefore: null },
  { name: 'two keys and a password', path: '/', activeKeys: 2, inactiveKeys: 0, password: true, inlineBefore: null },
  { name: 'an inactive key', path: '/', activeKeys: 1, inactiveKeys: 1, password: false, inlineBefore: null },
  {
    name: 'under a path',
    path: '/engineering/oncall/',
    activeKeys: 1,
    inactiveKeys: 0,
    password: true,
    inlineBefore: null,
  },
  { name: 'our name taken', path: '/', activeKeys: 1, inactiveKeys: 0, password: false, inlineBefore: ALLOW },
  { name: 'no credentials', path: '/', activeKeys: 0, inactiveKeys: 0, password: false, inlineBefore: null },
];
