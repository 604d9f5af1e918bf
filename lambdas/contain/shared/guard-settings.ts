import type { GuardRailSettings } from '../../../lib/model/guard-rails';
import { requireEnv } from '../../shared/require-env';

let settings: GuardRailSettings | undefined;

/** The guard rails of the stack: `GUARD_RAILS`. */
export function guardRailSettings(): GuardRailSettings {
  return (settings ??= JSON.parse(requireEnv('GUARD_RAILS')) as GuardRailSettings);
}
