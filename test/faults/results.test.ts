import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell } from './cells';
import { Results } from './results';

const cell = (nth: number): Cell => ({
  runbook: 'r',
  shape: 's',
  phase: 'contain',
  state: 'A',
  service: 'iam',
  operation: 'GetUser',
  nth,
  fault: 'throttled',
});
const versions = (version: string) => new Map([['r', version]]);
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-results-'));
  file = join(folder, 'results.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the results of the fault matrix', () => {
  test('a run that was stopped finds what was done, and the cells that were recorded', () => {
    const first = new Results(versions('v1'), file);
    first.addRecording('r', ['s'], [cell(0), cell(1)]);
    first.add({ cell: cell(0), end: 'held', problems: [] });
    const second = new Results(versions('v1'), file);
    expect(second.recorded('r', ['s'])).toEqual([cell(0), cell(1)]);
    expect([second.isDone(cell(0)), second.isDone(cell(1))]).toEqual([true, false]);
  });

  test('what was found with other code never counts, nor what was recorded on other shapes', () => {
    const first = new Results(versions('v1'), file);
    first.addRecording('r', ['s'], [cell(0)]);
    first.add({ cell: cell(0), end: 'held', problems: [] });
    const other = new Results(versions('v2'), file);
    expect([other.isDone(cell(0)), other.recorded('r', ['s'])]).toEqual([false, undefined]);
    expect(first.recorded('r', ['s', 't'])).toBeUndefined();
  });

  test('results of one runbook stay when the code of another one changes', () => {
    const first = new Results(new Map([...versions('v1'), ['q', 'v1 of q']]), file);
    first.add({ cell: cell(0), end: 'held', problems: [] });
    first.add({ cell: { ...cell(0), runbook: 'q' }, end: 'held', problems: [] });
    const later = new Results(new Map([...versions('v1'), ['q', 'v2 of q']]), file);
    expect([later.isDone(cell(0)), later.isDone({ ...cell(0), runbook: 'q' })]).toEqual([true, false]);
  });

  test('a bad cell is run again, and the last word counts', () => {
    const results = new Results(versions('v1'), file);
    results.add({ cell: cell(0), end: 'held', problems: ['nobody is paged'] });
    expect([results.isDone(cell(0)), results.of(cell(0))?.problems]).toEqual([false, ['nobody is paged']]);
    results.add({ cell: cell(0), end: 'held', problems: [] });
    expect(new Results(versions('v1'), file).isDone(cell(0))).toBe(true);
  });

  test('a line that was cut off is counted and its cell is run again', () => {
    new Results(versions('v1'), file).add({ cell: cell(0), end: 'held', problems: [] });
    appendFileSync(file, '{"version":"v1","cell":"r [s] cont\n');
    const results = new Results(versions('v1'), file);
    expect([results.unreadable, results.isDone(cell(0))]).toEqual([1, true]);
  });

  test('takes in what another process has written', () => {
    const mine = new Results(versions('v1'), file);
    new Results(versions('v1'), file).add({ cell: cell(1), end: 'failed', problems: [] });
    expect(mine.isDone(cell(1))).toBe(false);
    mine.read();
    expect(mine.isDone(cell(1))).toBe(true);
  });
});
