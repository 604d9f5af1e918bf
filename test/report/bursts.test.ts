import { expect, test } from '@jest/globals';
import { readBatch } from '../../lambdas/report/writer/bursts';

const message = (messageId: string, incidentId: unknown, type = 'Incident Updated') => ({
  messageId,
  body: JSON.stringify({ 'detail-type': type, detail: { incidentId } }),
});

test('a burst of events is one draft for each incident, and a message without one fails alone', () => {
  const batch = readBatch([
    message('1', 'inc-a'),
    message('2', 'inc-b'),
    message('3', 'inc-a', 'Incident Closed'),
    message('4', 7),
    { messageId: '5', body: 'not JSON' },
  ]);

  expect(batch).toEqual({
    bursts: [
      { incidentId: 'inc-a', closed: true, messageIds: ['1', '3'] },
      { incidentId: 'inc-b', closed: false, messageIds: ['2'] },
    ],
    unreadable: ['4', '5'],
  });
});
