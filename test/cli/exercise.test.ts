import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { exercise } from '../../cli/doctor/exercise';
import type { Patient } from '../../cli/doctor/check';
import { DeployedStack } from '../../cli/deployed-stack';
import { pointAwsAt, runCli } from './run-cli';
import { INCIDENT_ID, sampleIncident, sampleRecord } from './sample';
import { StubAws } from './stub-aws';

const EXERCISE = 'Drill of 2026-11-21, nothing here is real';

let aws: StubAws;
beforeAll(async () => {
  aws = await StubAws.start();
  pointAwsAt(aws.endpoint);
});
afterAll(() => aws.stop());
beforeEach(() => {
  aws.outputs = { FirebreakQueryFunction: 'query' };
});

function answers(view: object): void {
  const whole = { incident: sampleIncident(), timeline: [sampleRecord(1, 'note')], alerts: [], containments: [] };
  aws.functions.set('query', () => ({ ok: true, value: { ...whole, merged: [], ...view } }));
}

test('incident show says it in its first line, and in JSON', async () => {
  answers({ exercise: EXERCISE });
  expect((await runCli(['incident', 'show', INCIDENT_ID])).out.split('\n')[0]).toBe(`EXERCISE: ${EXERCISE}`);
  const { out } = await runCli(['incident', 'show', INCIDENT_ID, '--json']);
  expect(JSON.parse(out)).toMatchObject({ exercise: EXERCISE });
});

test('incident show says nothing of one where everything is real', async () => {
  answers({});
  expect((await runCli(['incident', 'show', INCIDENT_ID])).out).not.toMatch(/exercise/i);
});

test('doctor warns of it, and is well without', async () => {
  const look = (outputs: Record<string, string>) =>
    exercise.look({
      stack: new DeployedStack(
        'Firebreak',
        'UPDATE_COMPLETE',
        { account: '111122223333', region: 'us-east-1' },
        outputs,
      ),
    } as Patient);
  expect(await look({ FirebreakExercise: EXERCISE })).toEqual({
    verdict: 'warning',
    observed: `EXERCISE: ${EXERCISE}`,
    remedy: expect.stringContaining("take 'exercise' out and deploy"),
  });
  expect(await look({})).toMatchObject({ verdict: 'ok' });
});

test('doctor shows it on its one screen', async () => {
  aws.outputs = { ...aws.outputs, FirebreakExercise: EXERCISE };
  expect((await runCli(['doctor'])).out).toContain(`warning  exercise: EXERCISE: ${EXERCISE}`);
});
