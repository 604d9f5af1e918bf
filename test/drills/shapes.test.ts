import { describe, expect, test } from '@jest/globals';
import { exampleCalls as instanceCalls } from '../../drills/compromised-instance/attack';
import { torFinding } from '../../drills/compromised-instance/finding';
import type { Person } from '../../drills/company/people';
import { exampleCalls as fightCalls } from '../../drills/fighting-attacker/attack';
import { exampleCalls as keyCalls } from '../../drills/leaked-key/attack';
import { cloudTrailRecord, instanceIdentity, responseDate, userIdentity } from '../../drills/records';
import { isJsonObject, textAt, type JsonObject } from '../../lib/model/json';
import { corpusJson, corpusLines, describeCorpus } from '../sigma/corpus';
import { lowerCamelCase, shapeOf } from './shape';

const PLACE = { account: '111122223333', region: 'eu-central-1' };
const NOW = new Date('2026-11-21T13:05:09.123Z');
const person = (name: string): Person => ({
  name,
  arn: `arn:aws:iam::${PLACE.account}:user/${name}`,
  userId: 'AIDAEXAMPLE',
  key: 'AKIAEXAMPLE',
});
const CAST = { leaked: person('ci-deployer'), backDoor: person('backup-operator'), refused: person('chief-executive') };
const ADDRESS = { address: '203.0.113.1', userAgent: 'aws-cli/2' };

const byUser = keyCalls(CAST).map((call) =>
  cloudTrailRecord({ identity: userIdentity(CAST.leaked, PLACE), ...ADDRESS }, call, PLACE, NOW),
);
const byFighter = fightCalls(person('site-admin')).map((call) =>
  cloudTrailRecord({ identity: userIdentity(person('site-admin'), PLACE), ...ADDRESS }, call, PLACE, NOW),
);
const byInstance = instanceCalls().map((call) => {
  const identity = instanceIdentity({ name: 'web', id: 'AROAEXAMPLE' }, 'i-0123456789abcdef0', PLACE, NOW);
  return cloudTrailRecord({ identity, ...ADDRESS }, call, PLACE, NOW);
});
const records = [...byUser, ...byFighter, ...byInstance];
const named = (record: JsonObject): string =>
  `${textAt(record, 'eventName') ?? ''}${record.errorCode === undefined ? '' : ` (${textAt(record, 'errorCode') ?? ''})`}`;

test('a date in responseElements is written as CloudTrail does', () => {
  expect(responseDate(NOW)).toBe('Nov 21, 2026 1:05:09 PM');
});

test('only the call that was refused names the chief executive', () => {
  const naming = records.filter((record) => JSON.stringify(record).includes('chief-executive'));

  expect(naming.map(named)).toEqual(['CreateAccessKey (AccessDenied)']);
});

describeCorpus('records of the attacks, against real ones', () => {
  const real = corpusLines('events/stratus-detonations.jsonl').flatMap(({ event }) =>
    isJsonObject(event) ? [event] : [],
  );
  const refused = corpusLines('events/panther-cloudtrail-tests.jsonl')
    .flatMap(({ log }) => (isJsonObject(log) ? [log] : []))
    .filter((log) => log.errorCode === 'AccessDenied' && log.eventSource === 'iam.amazonaws.com');
  const withoutCall = (record: JsonObject): JsonObject => ({
    ...record,
    requestParameters: null,
    responseElements: null,
  });
  const known = (of: readonly JsonObject[]) => new Set(of.flatMap((record) => [...shapeOf(record)]));
  const type = (record: JsonObject) => textAt(record, 'userIdentity.type');

  test.each(records.map((record) => [named(record), record] as const))(
    '%s has no field that CloudTrail does not write, and none of another type',
    (_, record) => {
      const alike = [...real, ...refused].filter((one) => type(one) === type(record));
      const unknown = [...shapeOf(withoutCall(record))].filter(
        (path) => !known(alike.map(withoutCall)).has(path) && !known(refused).has(path),
      );

      expect(unknown).toEqual([]);
    },
  );

  test.each(records.map((record) => [named(record), record] as const))(
    '%s has every field that CloudTrail always writes',
    (_, record) => {
      const always = Object.keys(real[0] ?? {}).filter((key) => real.every((one) => key in one));

      expect(always.length).toBeGreaterThan(10);
      expect(always.filter((key) => !(key in record))).toEqual([]);
    },
  );

  test('a key that was made looks as in a real record, parameters and result included', () => {
    const made = records.filter((record) => named(record) === 'CreateAccessKey').at(-1);
    const example = real.find((record) => record.eventName === 'CreateAccessKey');

    expect(shapeOf({ request: made?.requestParameters, response: made?.responseElements })).toEqual(
      shapeOf({ request: example?.requestParameters, response: example?.responseElements }),
    );
    expect(textAt(example, 'responseElements.accessKey.createDate')).toMatch(
      /^\w{3} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M$/,
    );
  });

  test('a policy that was attached looks as in a real record, parameters included', () => {
    const attached = byFighter.find((record) => named(record) === 'AttachUserPolicy');
    const example = real.find((record) => record.eventName === 'AttachUserPolicy');

    expect(example).toBeDefined();
    expect(shapeOf({ request: attached?.requestParameters, response: attached?.responseElements })).toEqual(
      shapeOf({ request: example?.requestParameters, response: example?.responseElements }),
    );
  });

  test('a refused call of IAM has no parameters', () => {
    const ours = records.filter((record) => record.errorCode === 'AccessDenied');

    expect([...ours, ...refused].map(({ requestParameters }) => requestParameters)).toEqual(
      [...ours, ...refused].map(() => null),
    );
    expect(
      ours.every((record) =>
        /^User: arn:\S+ is not authorized to perform: iam:CreateAccessKey/.test(textAt(record, 'errorMessage') ?? ''),
      ),
    ).toBe(true);
  });
});

describeCorpus('the finding of the drill, against a real one', () => {
  const real = lowerCamelCase(corpusJson('findings/guardduty/UnauthorizedAccess-EC2-TorClient.json').detail);
  const finding = torFinding(
    {
      ...PLACE,
      zone: 'eu-central-1a',
      instanceId: 'i-0123456789abcdef0',
      profileArn: `arn:aws:iam::${PLACE.account}:instance-profile/web`,
      vpc: 'vpc-1',
      name: 'web-1',
      interfaces: [{ id: 'eni-1', subnet: 'subnet-1', address: '10.0.0.1', groups: ['sg-1'] }],
    },
    NOW,
  );

  test('has no field that GuardDuty does not write, and none of another type', () => {
    const known = shapeOf(real);

    expect([...shapeOf(finding)].filter((path) => !known.has(path))).toEqual([]);
  });

  test('has every field at the top and of the service, and the same type and severity', () => {
    const missing = (path: 'service' | undefined) => {
      const of = (value: unknown) => (path === undefined ? value : (value as JsonObject)[path]) as JsonObject;
      return Object.keys(of(real)).filter((key) => !(key in of(finding)));
    };

    expect([...missing(undefined), ...missing('service')]).toEqual([]);
    expect([finding.type, finding.severity]).toEqual([(real as JsonObject).type, (real as JsonObject).severity]);
  });
});

describe('a sample of GuardDuty never enforces, so the finding is none', () => {
  test('it does not say that it is a sample', () => {
    expect(
      JSON.stringify(
        torFinding({ ...PLACE, zone: '', instanceId: 'i-1', profileArn: '', vpc: '', name: '', interfaces: [] }, NOW),
      ),
    ).not.toContain('sample');
  });
});
