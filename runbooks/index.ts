import type { RunbookFacts } from '../lib/model/runbook-facts';
import { facts as disableAccessKey } from './disable-access-key/facts';
import { facts as isolateInstance } from './isolate-instance/facts';
import { facts as lockBucket } from './lock-bucket/facts';
import { facts as quarantineFunction } from './quarantine-function/facts';
import { facts as unshareSnapshot } from './unshare-snapshot/facts';

/** Every runbook, one line each. Bundles, policies, the catalogue, the command line and the tests find it from here. */
export const RUNBOOKS: readonly RunbookFacts[] = [
  disableAccessKey,
  isolateInstance,
  lockBucket,
  quarantineFunction,
  unshareSnapshot,
];
