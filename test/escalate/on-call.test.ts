import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { heldUntil } from '../../lambdas/escalate/page/business-hours';
import { onCall } from '../../lambdas/escalate/page/on-call';
import type { BusinessHoursSnapshot, RecipientTarget, RotationSnapshot } from '../../lib/model/recipient';

const person = (id: string): RecipientTarget => ({ kind: 'person', id, label: id, channels: [] });
const ROTATION: RotationSnapshot = {
  timeZone: 'Europe/Berlin',
  startsAt: '2026-03-23T09:00',
  everyDays: 7,
  people: ['ada', 'bob', 'eve'].map(person),
};
const turn = (at: string, rotation = ROTATION) => onCall(rotation, new Date(at))?.id;

describe('whose turn it is', () => {
  test.each([
    ['the first, from the first second on', '2026-03-23T08:00:00Z', 'ada'],
    [
      'still the first, a second before the hand-over; the clocks have changed meanwhile',
      '2026-03-30T06:59:59Z',
      'ada',
    ],
    ['the second, at the same local hour in summer time', '2026-03-30T07:00:00Z', 'bob'],
    ['the third', '2026-04-06T07:00:00Z', 'eve'],
    ['the first again', '2026-04-13T07:00:00Z', 'ada'],
    ['the last of them, before the first shift', '2026-03-23T07:59:59Z', 'eve'],
    ['and the one before that', '2026-03-16T07:59:59Z', 'bob'],
  ])('%s', (_, at, expected) => {
    expect(turn(at)).toBe(expected);
  });

  test('in daily shifts over both changes of the clock', () => {
    const daily = { ...ROTATION, everyDays: 1, startsAt: '2026-10-24T09:00', people: ['ada', 'bob'].map(person) };

    expect(
      ['2026-10-24T08:00:00Z', '2026-10-25T07:59:59Z', '2026-10-25T08:00:00Z'].map((at) => turn(at, daily)),
    ).toEqual(['ada', 'ada', 'bob']);
  });

  test('changes only at the hand-over, and everybody has the same number of turns', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'),
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: -400, max: 400 }),
        (timeZone, everyDays, count, day) => {
          const rotation = {
            ...ROTATION,
            timeZone,
            everyDays,
            people: Array.from({ length: count }, (_, i) => person(String(i))),
          };
          const noon = (n: number) => onCall(rotation, new Date(Date.UTC(2026, 5, 1 + n, 12)))?.id;
          const round = Array.from({ length: everyDays * count }, (_, i) => noon(day + i));
          const turns = new Map<string | undefined, number>();
          for (const id of round) turns.set(id, (turns.get(id) ?? 0) + 1);

          expect([...turns.values()]).toEqual(Array(count).fill(everyDays));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('business hours', () => {
  const hours: BusinessHoursSnapshot = {
    timeZone: 'Europe/Berlin',
    days: [1, 2, 3, 4, 5],
    from: '09:00',
    to: '17:30',
    holidays: ['2026-12-25'],
  };
  const held = (at: string, severity: 'SEV1' | 'SEV2' | 'SEV3' | 'SEV4' = 'SEV3', when = hours) =>
    heldUntil(when, severity, new Date(at))?.toISOString();

  test.each([
    ['at night: until the morning', '2026-11-24T02:00:00Z', '2026-11-24T08:00:00.000Z'],
    ['in the evening: until the next morning', '2026-11-24T16:30:00Z', '2026-11-25T08:00:00.000Z'],
    ['on Friday evening: until Monday', '2026-11-27T17:00:00Z', '2026-11-30T08:00:00.000Z'],
    ['before a holiday: over it and the weekend', '2026-12-24T17:00:00Z', '2026-12-28T08:00:00.000Z'],
    ['in office hours: not at all', '2026-11-24T10:00:00Z', undefined],
    ['at the opening: not at all', '2026-11-24T08:00:00Z', undefined],
  ])('hold what can wait %s', (_, at, expected) => {
    expect(held(at)).toBe(expected);
  });

  test.each(['SEV1', 'SEV2'] as const)('never hold %s', (severity) => {
    expect(held('2026-12-25T02:00:00Z', severity)).toBeUndefined();
  });

  test('that never open hold nothing', () => {
    expect(held('2026-11-24T02:00:00Z', 'SEV4', { ...hours, days: [] })).toBeUndefined();
  });
});
