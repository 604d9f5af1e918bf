import { expect, test } from '@jest/globals';
import { readNewestAlerts, type AlertPlace } from '../../lambdas/shared/store/newest-alerts';
import { sampleAlert } from '../samples/alert';
import { MemoryTable } from '../support/memory-table';

const START = Date.parse('2026-11-21T03:00:00.000Z');

/** So many alerts, a second after the other; the rule of each, and what it weighs besides. */
function alerts(many: number, ruleOf: (index: number) => string, filler = '') {
  const table = new MemoryTable();
  const places = Array.from({ length: many }, (_, index): AlertPlace => {
    const rule = ruleOf(index);
    const sample = sampleAlert({ rule, event: String(index), time: new Date(START + index * 1000) });
    const alert = { ...sample, evidences: [{ data: { filler } }] };
    const { uid } = alert.finding_info;
    // The store has had both.
    table.put({ pk: 'INCIDENT#inc-1', sk: `ALERT#${uid}`, alert: index % 2 === 0 ? alert : JSON.stringify(alert) });
    return { incidentId: 'inc-1', alert: uid, rule, at: new Date(START + index * 1000).toISOString() };
  });
  const read = async () =>
    (await readNewestAlerts(table, [...places].reverse())).map(
      ({
        finding_info: {
          related_events: [event],
        },
      }) => Number(event?.uid),
    );
  return { table, read };
}

test('GIVEN few THEN all of them are read, in order of time, whichever way they are kept', async () => {
  expect(await alerts(4, () => 'rule').read()).toEqual([0, 1, 2, 3]);
});

test('GIVEN many THEN the first of each rule and the newest are read, and no others', async () => {
  const { table, read } = alerts(2000, (index) => (index === 7 ? 'seldom' : 'often'));

  const found = await read();

  expect(found.slice(0, 3)).toEqual([0, 7, 1902]);
  expect([found.length, found.at(-1)]).toEqual([100, 1999]);
  expect(table.reads).toBe(100);
});

test('GIVEN that they are heavy THEN as many as weigh 1.5 MB together', async () => {
  const found = await alerts(200, () => 'rule', 'x'.repeat(200_000)).read();

  expect(found).toEqual([0, 194, 195, 196, 197, 198, 199]);
});

test('GIVEN one that is heavier than all may be THEN the others are read', async () => {
  const { table, read } = alerts(3, () => 'rule');
  const [key, item] = [...table.items][1] ?? [];
  if (key === undefined || !item) throw new Error('no alert');
  table.items.set(key, { ...item, text: item.text.replace('\\"filler\\":\\"', `$&${'x'.repeat(2_000_000)}`) });

  expect(await read()).toEqual([0, 2]);
});

test('GIVEN one that is not there THEN it is passed over', async () => {
  const { table, read } = alerts(3, () => 'rule');
  table.items.delete([...table.items.keys()][1] ?? '');

  expect(await read()).toEqual([0, 2]);
});
