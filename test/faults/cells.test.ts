import { describe, expect, test } from '@jest/globals';
import type { RecordedCall } from '../../local/proxy/call';
import { cellsOf, FAULTS, injectionOf, type Cell, type RecordedTask } from './cells';

let seq = 0;

function call(operation: string, more: Partial<RecordedCall> = {}): RecordedCall {
  return {
    seq: ++seq,
    at: '2026-11-21T00:00:00.000Z',
    service: 'iam',
    operation,
    mutating: !/^(Get|List)/.test(operation),
    resource: {},
    source: { kind: 'lambda', name: 'x', accessKey: '' },
    status: 200,
    durationMs: 1,
    forwarded: true,
    invocation: `call-${seq}`,
    ...more,
  };
}

const task = (state: string, calls: RecordedCall[], more: Partial<RecordedTask> = {}): RecordedTask => ({
  phase: 'contain',
  state,
  kind: 'fn contain',
  oneAction: true,
  calls,
  ...more,
});

const isOwn = ({ service }: RecordedCall) => service === 'dynamodb';
const cells = (...tasks: RecordedTask[]) => cellsOf('r', [{ shape: 's', tasks }], isOwn);
const calls = (found: readonly Cell[]) => [
  ...new Set(found.map(({ state, operation, nth }) => `${state} ${operation} ${nth}`)),
];

describe('the cells of the fault matrix', () => {
  test('strike each call in each of the ten ways', () => {
    expect(cells(task('A', [call('PutUserPolicy')])).map(({ fault }) => fault)).toEqual(FAULTS);
  });

  test('count a call that the SDK tries again once', () => {
    const tries = [call('PutUserPolicy', { invocation: 'one' }), call('PutUserPolicy', { invocation: 'one' })];
    expect(calls(cells(task('A', tries)))).toEqual(['A PutUserPolicy 0']);
  });

  test('count each changing call, and equal reads once between two changes', () => {
    const found = cells(
      task('A', [
        call('ListKeys'),
        call('ListKeys'),
        call('UpdateKey'),
        call('ListKeys'),
        call('UpdateKey'),
        call('ListKeys'),
      ]),
    );
    expect(calls(found)).toEqual(['A ListKeys 0', 'A UpdateKey 0', 'A ListKeys 2', 'A UpdateKey 1', 'A ListKeys 3']);
  });

  test('count calls of two actions apart, and calls of the host to its own once, each action having its share', () => {
    const own = () => call('PutItem', { service: 'dynamodb' });
    const found = cells(task('A', [own(), call('GetUser')]), task('B', [own(), call('GetUser')]));
    expect(found).toHaveLength(3 * FAULTS.length);
    expect(calls(found).sort()).toEqual(['A GetUser 0', 'A PutItem 0', 'B GetUser 0', 'B PutItem 0']);
  });

  test('count what the looks of the watch do once', () => {
    const watch = { kind: 'fn watch', oneAction: false };
    expect(cells(task('5 s', [call('GetUser')], watch), task('15 s', [call('GetUser')], watch))).toHaveLength(
      FAULTS.length,
    );
  });

  test('take what several shapes make alike from the shape that makes most calls', () => {
    const found = cellsOf(
      'r',
      [
        { shape: 'small', tasks: [task('A', [call('GetUser')])] },
        { shape: 'large', tasks: [task('A', [call('GetUser'), call('UpdateKey')])] },
      ],
      isOwn,
    );
    expect(new Set(found.map(({ shape }) => shape))).toEqual(new Set(['large']));
    expect(found).toHaveLength(2 * FAULTS.length);
  });

  test('strike all tries of a call, so that the code hears of it; what had its effect is cut off once', () => {
    const found = cells(task('A', [call('ListKeys'), call('UpdateKey'), call('UpdateKey')]));
    const of = (fault: string) => injectionOf(found.find((cell) => cell.fault === fault && cell.nth === 1) as Cell);
    expect(of('throttled')).toEqual({
      state: 'A',
      fault: {
        match: { service: 'iam', operation: 'UpdateKey' },
        fault: 'throttled',
        skip: 1,
        wholeCall: true,
        times: 1,
      },
    });
    expect(of('timeout-after').fault).toMatchObject({ skip: 1, times: 1 });
    expect(of('timeout-after').fault.wholeCall).toBeUndefined();
    expect(of('access-denied').fault).toMatchObject({ skip: 1, times: 0, wholeCall: true });
  });
});
