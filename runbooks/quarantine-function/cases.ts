/** Shapes of functions that tests and drills contain. */
export interface FunctionCase {
  readonly name: string;
  /** Null where nothing is reserved. */
  readonly reserved: number | null;
  /** Environments kept warm by an alias; 0 for none. */
  readonly provisioned: number;
  readonly alias: boolean;
  /** Event sources: how many, and whether the last is disabled. */
  readonly queues: number;
  readonly lastDisabled: boolean;
  readonly url: 'none' | 'open' | 'signed';
  /** Who else is let in. */
  readonly grants: readonly (
    'account' | 'everybody' | 'organisation' | 'own-bucket' | 'any-bucket' | 'role-on-alias'
  )[];
}

const plain: FunctionCase = {
  name: 'nothing but code',
  reserved: null,
  provisioned: 0,
  alias: false,
  queues: 0,
  lastDisabled: false,
  url: 'none',
  grants: [],
};

export const cases: readonly FunctionCase[] = [
  plain,
  { ...plain, name: 'reserved concurrency and a trigger of its own', reserved: 7, grants: ['own-bucket'] },
  { ...plain, name: 'an open URL', url: 'open', grants: ['everybody'] },
  { ...plain, name: 'two queues, one off', queues: 2, lastDisabled: true, url: 'signed' },
  {
    name: 'everything at once',
    reserved: 5,
    provisioned: 2,
    alias: true,
    queues: 2,
    lastDisabled: true,
    url: 'open',
    grants: ['account', 'everybody', 'organisation', 'own-bucket', 'any-bucket', 'role-on-alias'],
  },
];
