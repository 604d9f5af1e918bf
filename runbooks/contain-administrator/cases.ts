/** How somebody was made administrator, as tests and drills play it. */
export interface AdministratorCase {
  readonly name: string;
  readonly path: string;
  /** Who made it: a user, a session of a role, or somebody of whom nothing is known. */
  readonly madeBy: 'user' | 'role' | 'nobody-known';
  /** Is it an alert that says so, or CloudTrail alone? */
  readonly saidBy: 'alert' | 'trail';
  readonly call: 'CreateUser' | 'AttachUserPolicy' | 'PutUserPolicy' | 'AddUserToGroup';
  readonly activeKeys: number;
  readonly password: boolean;
}

export const cases: readonly AdministratorCase[] = [
  {
    name: 'by a user, as the alert says',
    path: '/',
    madeBy: 'user',
    saidBy: 'alert',
    call: 'AttachUserPolicy',
    activeKeys: 2,
    password: true,
  },
  {
    name: 'by a session of a role, under a path',
    path: '/staff/',
    madeBy: 'role',
    saidBy: 'alert',
    call: 'PutUserPolicy',
    activeKeys: 1,
    password: false,
  },
  {
    name: 'by a user whom only CloudTrail names',
    path: '/',
    madeBy: 'user',
    saidBy: 'trail',
    call: 'AddUserToGroup',
    activeKeys: 0,
    password: true,
  },
];
