import { MAX_TIMES_MADE_AGAIN } from '../../lib/model/containment';
import type { WebhookPage } from '../../lambdas/escalate/page/webhook';
import type { IncidentView } from '../../lambdas/triage/query/show-incident';
import type { Person } from '../company/people';
import { expectSame, expectThat } from '../expect';
import { bindingDeny, readUser, type UserState } from '../leaked-key/user-state';
import type { DrillWorld, Expectation, WrittenReport } from '../scenario';

/** The one who must be as before. */
export interface Before {
  readonly bystander: UserState;
}

export async function readBefore({ api, company }: DrillWorld): Promise<Before> {
  return { bystander: await readUser(api, company.bystander.name) };
}

export async function contained(
  world: DrillWorld,
  administrator: Person,
  before: Before,
  view: IncidentView,
): Promise<Expectation[]> {
  const { api, company } = world;
  const [user, now] = await Promise.all([readUser(api, administrator.name), readBefore(world)]);
  return [
    foundEachTime(view),
    await madeAgain(world, administrator, view),
    agrees(administrator, user),
    expectThat(
      'the incident became SEV1, and was opened as less',
      view.incident.severity === 'SEV1' && view.timeline.some(({ kind, text }) => opened(kind, text)),
      `it is ${view.incident.severity}; ${view.timeline.find(({ kind }) => kind === 'incident-opened')?.text ?? ''}`,
    ),
    expectSame(`bystander ${company.bystander.name} is as before`, before.bystander, now.bystander),
  ];
}

const opened = (kind: string, text: string): boolean => kind === 'incident-opened' && !text.includes('SEV1');

const undoneIn = ({ timeline }: IncidentView) => timeline.filter(({ kind }) => kind === 'containment-undone');

function foundEachTime(view: IncidentView): Expectation {
  const texts = undoneIn(view).map(({ text }) => text);
  return expectThat(
    `each time that he took it back was found and written down, ${MAX_TIMES_MADE_AGAIN + 1} times`,
    texts.length === MAX_TIMES_MADE_AGAIN + 1 && texts.every((text) => text.includes('not proven contained')),
    texts.at(-1) ?? 'nothing was found undone',
  );
}

/** What reached IAM between one finding and the next, as the proxy before it saw it: not what Firebreak says of itself. */
async function madeAgain({ aws }: DrillWorld, administrator: Person, view: IncidentView): Promise<Expectation> {
  const calls = await aws.proxy.calls({ service: 'iam', mutating: true, resource: administrator.name });
  const ours = calls.filter(({ source, status }) => source.kind === 'lambda' && status === 200);
  const found = undoneIn(view).map(({ at }) => at);
  const rounds = found
    .slice(0, -1)
    .map((from, index) => ours.filter(({ at }) => at > from && at <= (found[index + 1] ?? '')).length);
  return expectThat(
    'it was made again each time but the last',
    rounds.length === MAX_TIMES_MADE_AGAIN && rounds.every((count) => count > 0),
    `calls of Firebreak that IAM answered after each finding: ${rounds.join(', ') || 'none'}`,
  );
}

/** "Not proven contained" must be the truth. */
function agrees({ name }: Person, user: UserState): Expectation {
  const active = Object.entries(user.keys).filter(([, status]) => status === 'Active');
  const deny = bindingDeny(user);
  return expectThat(
    `${name} is not contained, as Firebreak says`,
    active.length > 0 || deny === undefined,
    `${active.map(([id]) => `${id} is Active`).join(', ') || 'no active key'}; ${deny === undefined ? 'no deny binds' : `${deny} denies everything`}`,
  );
}

/** The page that says how it ended: only that one is answered. */
export function saysThatItFailed({ containments }: WebhookPage): boolean {
  return containments.some(({ status }) => status === 'failed');
}

/** While he fights, level 1 is told at once; at the end, level 2 reads the plain word. */
export function pages({ company }: DrillWorld, { incident, timeline }: IncidentView): Expectation[] {
  const { phones } = company;
  const endedAt = timeline.find(({ kind }) => kind === 'containment-failed' || kind === 'containment-not-held')?.at;
  const early = phones.first
    .pagesOf(incident.id)
    .find(({ page }) => page.news.some((text) => text.includes('not proven contained')));
  const answered = phones.second.pagesOf(incident.id).find(({ page }) => saysThatItFailed(page));
  const words = answered?.page.containments.map((line) => line.words).join('; ');
  const late = [...phones.first.pagesOf(incident.id), ...phones.second.pagesOf(incident.id)].filter(
    ({ page }) => incident.acknowledgement !== undefined && page.sentAt > incident.acknowledgement.at,
  );
  return [
    expectThat(
      'level 1 was told while he still fought, as SEV1',
      early?.page.incident.severity === 'SEV1' && endedAt !== undefined && early.page.sentAt < endedAt,
      early
        ? `page at ${early.page.sentAt.slice(11, 23)}, the fight ended at ${endedAt?.slice(11, 23) ?? '–'}: ${early.page.news.find((text) => text.includes('not proven contained')) ?? ''}`
        : 'no page said so',
    ),
    expectThat(
      "the page that was answered says 'not proven contained'",
      words?.includes('not proven contained') === true,
      words ?? 'no such page came',
    ),
    expectThat(
      'nobody was paged after the acknowledgement',
      incident.acknowledgement !== undefined && late.length === 0,
      incident.acknowledgement ? `${late.length} pages after that` : 'it was not acknowledged',
    ),
  ];
}

/** The report must not say more than the page. */
export function reported({ markdown, html }: WrittenReport): Expectation[] {
  return [['Markdown', markdown] as const, ['HTML', html] as const].map(([form, text]) => {
    const sentence = /[^.>\n]*not proven contained[^.<\n]*/i.exec(text)?.[0].trim();
    return expectThat(
      `the report says that it is not proven contained, and how often it was undone (${form})`,
      sentence !== undefined && /undone \d+ times/i.test(text),
      sentence ?? 'it does not say so',
    );
  });
}
