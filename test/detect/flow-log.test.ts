import { expect, test } from '@jest/globals';
import { decode } from '../../lambdas/detect/detector/decode';
import { flowLogRecord } from '../../lambdas/detect/detector/flow-log';
import { corpusText, describeCorpus } from '../sigma/corpus';
import { CONTEXT as NO_SOURCES } from './finding';
import { delivery } from './records';

const LINE = '2 111111111111 eni-0a 203.0.113.9 10.0.0.200 38471 22 6 1 44 1674898496 1674898507 ACCEPT OK';
const CONTEXT = {
  ...NO_SOURCES,
  logSources: [
    { logGroup: 'flows', source: 'application', product: 'aws', service: 'vpcflow' },
    { logGroup: 'shop', source: 'application' },
  ],
} as const;

test('a line of a flow log is seen by its fields, numbers as numbers', () => {
  const [item] = decode(delivery([LINE], { logGroup: 'flows' }), CONTEXT);
  expect(item).toMatchObject({
    kind: 'event',
    logsource: { product: 'aws', service: 'vpcflow' },
    event: {
      source: 'application',
      record: { 'account-id': '111111111111', srcaddr: '203.0.113.9', dstport: 22, action: 'ACCEPT' },
    },
  });
});

test.each([
  ['another log group', LINE, 'shop'],
  ['another format', `${LINE} more`, 'flows'],
  [
    'a headline',
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
    'flows',
  ],
])('%s stays a message', (_, line, logGroup) => {
  expect(decode(delivery([line], { logGroup }), CONTEXT)).toMatchObject([{ event: { record: { message: line } } }]);
});

test('a field that is not there is missing', () => {
  expect(flowLogRecord('2 111111111111 eni-0a - - - - - - - 1674898496 1674898507 - NODATA')).toEqual({
    version: 2,
    'account-id': '111111111111',
    'interface-id': 'eni-0a',
    start: 1674898496,
    end: 1674898507,
    'log-status': 'NODATA',
  });
});

describeCorpus('real flow logs', () => {
  test('are all read', () => {
    const lines = corpusText('logs/vpc-flow.txt')
      .split('\n')
      .filter((line) => line.trim() !== '');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => flowLogRecord(line) === undefined)).toEqual([]);
  });
});
