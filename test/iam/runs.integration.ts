import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CreatePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { QUARANTINE_DOCUMENT } from '../../lib/model/quarantine';
import type { Assumed, RecordedCall } from '../../local/proxy/call';
import { RUNBOOKS } from '../../runbooks';
import type { RecordedRuns } from '../../scripts/docs/runbook-policies';
import { World } from '../contain/world';
import { embeddedAws } from '../embedded/aws';
import type { Shape } from '../runbooks/contract';
import { quickPatience } from '../support/quick-patience';
import { ACCOUNT, everyRunbook, REGION, sampleApp, sampleStack } from '../stack/sample-stack';
import type { Step } from './asked';
import { Authorised } from './authorised';
import { NOT_SIMULATED } from './needed-data';
import { Roles, type Call } from './roles';
import { PROTECTED } from './targets';

jest.setTimeout(300_000);

/** What Firebreak writes for itself, with its functions' own credentials. */
const OWN = new Set(['dynamodb', 's3', 'ssm', 'sts', 'states', 'logs']);
/** The one thing that the evidence function makes with its own role. */
const EVIDENCE = new Set(['ec2:CreateSnapshots']);

/** What was measured, for the catalogue; `FIREBREAK_RECORD=1` writes it anew. */
const RECORDED = join(__dirname, 'recorded-runs.json');
const NOTHING: RecordedRuns = {
  shapes: 0,
  sessions: 0,
  largestPolicy: 0,
  needed: 0,
  neighbours: 0,
  protected: 0,
  withoutSession: 0,
};

/**
 * Every call that a clean run makes, held against what IAM would say to it: the role as it is synthesised, its boundary, and
 * the policy of that very session. The emulator allows everything, so that the run itself proves nothing here.
 */
describe('what a run may do', () => {
  const aws = embeddedAws();
  quickPatience();
  const roles = new Roles(sampleStack(sampleApp(), 'Sample', REGION, everyRunbook).stack);
  let counts = NOTHING;
  let world: World;
  let quarantine: string;
  let authorised: Authorised;

  beforeAll(async () => {
    const { Policy } = await new IAMClient(aws.client).send(
      new CreatePolicyCommand({
        // As long each time: the size of policies is recorded.
        PolicyName: `quarantine-${randomBytes(4).toString('hex')}`,
        PolicyDocument: JSON.stringify(QUARANTINE_DOCUMENT),
      }),
    );
    quarantine = Policy?.Arn ?? '';
    world = await World.create(aws, quarantine);
    authorised = new Authorised(aws, quarantine);
  });
  beforeEach(() => {
    jest.spyOn(console, 'log').mockReturnValue();
  });
  afterAll(() => {
    jest.restoreAllMocks();
    console.log(`${roles.simulated} calls simulated`);
  });

  test.each(RUNBOOKS.map(({ id }) => id))('%s: what it needs, on its target, and nothing else', async (id) => {
    const wrong: string[] = [];
    counts = NOTHING;
    for (const shape of await shapesOf(id)) {
      const { calls, sessions, target } = await cleanRun(id, shape);
      // Of what is well as it is, nothing is changed.
      if (calls.length > 0) expect(sessions.length).toBeGreaterThan(0);
      counts = {
        ...counts,
        shapes: counts.shapes + 1,
        sessions: counts.sessions + sessions.length,
        largestPolicy: Math.max(counts.largestPolicy, ...sessions.map(({ policy = '' }) => policy.length)),
      };
      for (const call of calls) {
        const session = sessions.find(({ accessKey }) => accessKey === call.source.accessKey);
        if (!session) {
          if (!EVIDENCE.has(`${call.service}:${call.operation}`)) wrong.push(`${nameOf(call)} without a session`);
          continue;
        }
        for (const ask of await authorised.asks(call, target, stepOf(session))) {
          wrong.push(...(await judge(id, session, ask)));
        }
      }
    }
    expect([...new Set(wrong)]).toEqual([]);
    expect(counts.sessions).toBeGreaterThan(0);
    if (process.env['FIREBREAK_RECORD'] === '1') keep(id, counts);
    expect({ [id]: counts }).toEqual({ [id]: recordedRuns()[id] });
  });

  /** Contains and releases, and gives the changes that were made to anything but Firebreak's own. */
  async function cleanRun(id: string, shape: Shape) {
    const { runbook } = (await import(`../../runbooks/${id}/actions`)) as { runbook: Runbook };
    const { target } = await shape.arrange(aws);
    const incidentId = await world.openIncident();
    const containment = await world.hold(runbook, target, incidentId);
    const after = await aws.proxy.last();
    await world.contain(runbook, containment);
    expect(await world.failures(incidentId)).toEqual([]);
    await world.release(runbook, containment, incidentId, { reactivateKeys: true });
    expect((await world.containment(containment.id)).status).toBe('released');
    const all = await aws.proxy.calls({ after });
    const sessions = all.flatMap(({ assumed }) => (assumed?.sessionName === containment.id ? [assumed] : []));
    // Lambdas of the deployment may still be at work for the tests before.
    const calls = all.filter(
      ({ mutating, service, source }) => mutating && source.kind === 'client' && !OWN.has(service),
    );
    return { target: target.id, sessions, calls };
  }

  /** From the embedded AWS into the sample stack: its account, and its quarantine policy. */
  function here(text: string): string {
    const ours = roles.resolver.arn('AWS::IAM::ManagedPolicy', 'FirebreakContainmentQuarantinePolicy');
    return text.replaceAll(quarantine, ours).replaceAll('000000000000', ACCOUNT);
  }

  /** Needed: allowed. A neighbour, what is protected, and the role's own function: denied. */
  async function judge(id: string, { roleArn, policy = '' }: Assumed, asked: Call): Promise<string[]> {
    const step = stepOf({ roleArn });
    const name = id.replaceAll('-', '');
    const session: unknown = JSON.parse(here(policy));
    const [action, resource, context = {}] = asked;
    const call: Call = [action, here(resource), JSON.parse(here(JSON.stringify(context))) as typeof context];
    const run = `${name}${step}Run`;
    const wrong: string[] = [];
    // The simulator takes no alias: that the session names this very one is all that is held.
    if (NOT_SIMULATED[run] === action)
      return isNamed(session, call) ? [] : [`${run}: ${action} on ${call[1]} is not named`];
    const expectThat = async (verdict: 'allowed' | 'denied', role: string, what: Call, policyOfSession?: unknown) => {
      const found = await roles.simulate(role, what, policyOfSession);
      if (found !== verdict) wrong.push(`${role}: ${what[0]} on ${what[1]} is ${found}`);
    };
    counts = { ...counts, needed: counts.needed + 1 };
    await expectThat('allowed', run, call, session);
    // A call that knows no resource has no neighbour.
    if (call[1] !== '*') {
      counts = { ...counts, neighbours: counts.neighbours + 1 };
      await expectThat('denied', run, neighbourOf(call), session);
    }
    counts = { ...counts, withoutSession: counts.withoutSession + 1 };
    await expectThat('denied', `${name}${step}Role`, call);
    for (const protectedArn of protectedLike(call[1], roles.roleArn(run))) {
      counts = { ...counts, protected: counts.protected + 1 };
      await expectThat('denied', run, [action, protectedArn, call[2]]);
    }
    return wrong;
  }
});

function stepOf({ roleArn }: Pick<Assumed, 'roleArn'>): Step {
  return roleArn.endsWith('-contain') ? 'Contain' : 'Release';
}

function recordedRuns(): Readonly<Record<string, RecordedRuns>> {
  return JSON.parse(readFileSync(RECORDED, 'utf8')) as Record<string, RecordedRuns>;
}

function keep(id: string, measured: RecordedRuns): void {
  const all = Object.entries({ ...recordedRuns(), [id]: measured }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(RECORDED, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}

/** The shapes of a runbook, by their place. */
async function shapesOf(id: string): Promise<readonly Shape[]> {
  if (!existsSync(join(__dirname, '../runbooks', id, 'shapes.ts'))) {
    throw new Error(`add test/runbooks/${id}/shapes.ts: test/runbooks/contract.ts says what it exports`);
  }
  const { shapes } = (await import(`../runbooks/${id}/shapes`)) as { shapes: readonly Shape[] };
  return shapes;
}

/** Another one of the same kind, without the tags by which groups of Firebreak's own are known. */
function neighbourOf([action, resource, context = {}]: Call): Call {
  const last = resource.at(-1) === '1' ? '2' : '1';
  // What stands behind its name is an id that nobody knows beforehand.
  const other = resource.includes(':configuration-recorder/')
    ? resource.replace('recorder/', 'recorder/other-')
    : `${resource.slice(0, -1)}${last}`;
  const untagged = Object.entries(context)
    .filter(([key]) => !/^(?:aws:(?:Resource|Request)Tag|ec2:CreateAction)/.test(key))
    // A mapping is known by the function that it feeds.
    .map(([key, value]) => [key, key === 'lambda:FunctionArn' ? `${String(value)}-2` : value]);
  return [action, other, Object.fromEntries(untagged)];
}

/** Whether a statement of the session's policy has this action and this resource, letter by letter. */
function isNamed(session: unknown, [action, resource]: Call): boolean {
  const { Statement } = session as { readonly Statement: readonly Record<string, string | readonly string[]>[] };
  return Statement.some(
    (one) => [one['Action']].flat().includes(action) && [one['Resource']].flat().includes(resource),
  );
}

function protectedLike(resource: string, own: string): readonly string[] {
  if (resource.includes(':user/')) return PROTECTED.users;
  if (resource.includes(':role/')) return [...PROTECTED.roles, own];
  return resource.includes(':instance/') ? [PROTECTED.instance] : [];
}

function nameOf({ service, operation, resource }: RecordedCall): string {
  return `${service}:${operation} ${JSON.stringify(resource)}`;
}
