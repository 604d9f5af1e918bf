import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../lib/model/json';
import { answerLookUp } from '../../local/doubles/cloudtrail-look-up';

const record = (id: number, more: JsonObject = {}): JsonObject => ({
  eventID: String(id),
  eventName: 'AttachUserPolicy',
  eventTime: new Date(Date.UTC(2026, 10, 21, 12, 0, id)).toISOString(),
  requestParameters: { userName: 'mallory' },
  userIdentity: { type: 'IAMUser', userName: 'eve' },
  ...more,
});
const by = (AttributeKey: string, AttributeValue: string, more: JsonObject = {}) =>
  JSON.stringify({ LookupAttributes: [{ AttributeKey, AttributeValue }], ...more });
const ids = (text: string) =>
  (JSON.parse(text) as { Events: { EventId: string }[] }).Events.map(({ EventId }) => EventId);

describe("the double of CloudTrail's LookupEvents", () => {
  test('gives what one attribute names, newest first', () => {
    const all = [record(1), record(3), record(2), record(4, { requestParameters: { userName: 'ada' } })];
    expect(ids(answerLookUp(all, by('ResourceName', 'mallory')).text)).toEqual(['3', '2', '1']);
    expect(ids(answerLookUp(all, by('Username', 'eve')).text)).toHaveLength(4);
    expect(ids(answerLookUp(all, by('Username', 'ada')).text)).toEqual([]);
  });

  test('gives nothing older than what was asked for', () => {
    const StartTime = Date.UTC(2026, 10, 21, 12, 0, 2) / 1000;
    expect(ids(answerLookUp([record(1), record(2)], by('ResourceName', 'mallory', { StartTime })).text)).toEqual(['2']);
  });

  test('gives 50 a page, and where the next begins', () => {
    const all = Array.from({ length: 51 }, (_, id) => record(id));
    const first = answerLookUp(all, by('ResourceName', 'mallory')).text;
    const { NextToken } = JSON.parse(first) as { NextToken: string };
    const second = answerLookUp(all, by('ResourceName', 'mallory', { NextToken })).text;
    expect([ids(first).length, ids(second), second.includes('NextToken')]).toEqual([50, ['0'], false]);
  });

  test('refuses an attribute that it does not know', () => {
    const { status, text } = answerLookUp([], by('ReadOnly', 'true'));
    expect([status, text]).toEqual([400, expect.stringContaining("knows no attribute 'ReadOnly'")]);
  });
});
