import { shippedFile } from './paths';
import { type ManagedServer, startServer } from './processes';

/**
 * By the name in the credential scope: what moto answers, because MiniStack's EC2 is too thin for containment, its RDS cannot
 * share snapshots, and its AWS Config deletes nothing.
 */
export const MOTO_SERVICES: ReadonlySet<string> = new Set([
  'ec2',
  'autoscaling',
  'elasticloadbalancing',
  'rds',
  'config',
]);

export interface MotoOptions {
  readonly python: string;
  readonly home: string;
  readonly region: string;
  readonly account: string;
}

export function startMoto(options: MotoOptions): Promise<ManagedServer> {
  return startServer({
    name: 'moto',
    python: options.python,
    home: options.home,
    readyPath: '/moto-api/data.json',
    args: (port) => [shippedFile('moto_server.py'), String(port)],
    env: () => ({
      MOTO_ACCOUNT_ID: options.account,
      AWS_DEFAULT_REGION: options.region,
      // Clients inside moto look for these before they make a call that never leaves it.
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      // One image instead of moto's 1,301, each with a snapshot, which every look at snapshots would go through.
      MOTO_AMIS_PATH: shippedFile('moto-images.json'),
    }),
  });
}
