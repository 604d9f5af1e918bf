import type { RunbookFacts } from '../lib/model/runbook-facts';
import { facts as closeSecurityGroup } from './close-security-group/facts';
import { facts as disableAccessKey } from './disable-access-key/facts';
import { facts as isolateInstance } from './isolate-instance/facts';
import { facts as restoreLogging } from './restore-logging/facts';

/** Every runbook, one line each. Bundles, policies, the catalogue, the command line and the tests find it from here. */
export const RUNBOOKS: readonly RunbookFacts[] = [
  closeSecurityGroup,
  disableAccessKey,
  isolateInstance,
  restoreLogging,
];
