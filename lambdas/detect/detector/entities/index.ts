import { isIP } from 'node:net';
import type { Entity } from '../../../../lib/model/entity';
import type { Event } from '../../../../lib/model/event';
import { textAt } from '../../../../lib/model/json';
import { assertNever } from '../../../../lib/model/assert-never';
import { distinct } from './distinct';
import { findingEntities } from './guardduty';
import { actors } from './identity';
import { entity, scopeOf } from './scope';
import { targets } from './targets';

/** An alert names at most so many; a call about a thousand instances is told by its first. */
const MAX_ENTITIES = 50;

/** What an event is about, each with the trust that its field deserves. */
export function entitiesOf(event: Event): Entity[] {
  return distinct(named(event)).slice(0, MAX_ENTITIES);
}

function named(event: Event): Entity[] {
  switch (event.source) {
    case 'cloudtrail':
      return [...actors(event), ...targets(event), ...address(event, 'attested', ['sourceIPAddress'])];
    case 'guardduty':
      return findingEntities(event);
    case 'application':
      return address(event, 'claimed', ['sourceIPAddress', 'sourceIp', 'remoteAddress', 'clientIp']);
    default:
      return assertNever(event.source);
  }
}

/** `sourceIPAddress` may be a service's name instead. */
function address(event: Event, trust: Entity['trust'], paths: readonly string[]): Entity[] {
  return paths.flatMap((path) => {
    const id = textAt(event.record, path);
    return id !== undefined && isIP(id) !== 0
      ? [entity(scopeOf(event), 'address', id, { role: 'actor', trust, path })]
      : [];
  });
}
