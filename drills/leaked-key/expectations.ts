import type { IncidentView } from '../../lambdas/triage/query/show-incident';
import type { Person } from '../company/people';
import { expectSame, expectThat } from '../expect';
import type { DrillWorld, Expectation } from '../scenario';
import type { Roles } from './attack';
import { bindingDeny, readUser, type UserState } from './user-state';

/** Those who must be as they were. */
export interface Before {
  readonly bystander: UserState;
  readonly refused: UserState;
}

export async function readBefore({ api, company }: DrillWorld, roles: Roles): Promise<Before> {
  const [bystander, refused] = await Promise.all([
    readUser(api, company.bystander.name),
    readUser(api, roles.refused.name),
  ]);
  return { bystander, refused };
}

export async function contained(
  world: DrillWorld,
  roles: Roles,
  before: Before,
  view: IncidentView,
): Promise<Expectation[]> {
  const { api, company } = world;
  const [leaked, backDoor, now] = await Promise.all([
    readUser(api, roles.leaked.name),
    readUser(api, roles.backDoor.name),
    readBefore(world, roles),
  ]);
  return [
    ...credentials(roles.leaked, leaked),
    ...credentials(roles.backDoor, backDoor),
    expectSame(`bystander ${company.bystander.name} is as before`, before.bystander, now.bystander),
    expectSame(`${roles.refused.name}, whom only a refused call names, is as before`, before.refused, now.refused),
    oneAlert(view),
  ];
}

function credentials(person: Person, state: UserState): Expectation[] {
  const keys = Object.entries(state.keys);
  const deny = bindingDeny(state);
  return [
    expectThat(
      `every access key of ${person.name} is Inactive`,
      keys.length > 0 && keys.every(([, status]) => status === 'Inactive'),
      keys.map(([id, status]) => `${id} ${status}`).join(', ') || 'there is none',
    ),
    expectThat(
      `a deny on everything binds ${person.name}`,
      deny !== undefined,
      deny ?? `none among ${Object.keys(state.policies).join(', ') || 'no policies'}`,
    ),
    expectThat(
      `${person.name} has no console password`,
      !state.console,
      state.console ? 'there is one' : 'there is none',
    ),
  ];
}

/** The record came by the log group and by EventBridge: each rule may speak of it once. */
function oneAlert({ alerts }: IncidentView): Expectation {
  const spoken = alerts.map(
    ({ finding_info: { analytic, related_events, uid } }) => `${analytic.uid} ${related_events[0]?.uid ?? uid}`,
  );
  return expectThat(
    'the event that came by both ways is one alert',
    spoken.length > 0 && spoken.length === new Set(spoken).size,
    alerts.map(({ finding_info }) => finding_info.title).join('; '),
  );
}
