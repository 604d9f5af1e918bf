import { describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { underLock } from '../../local/lock';

const newLock = (): string => join(mkdtempSync(join(tmpdir(), 'firebreak-lock-')), 'lock');

describe('underLock', () => {
  test('lets one at a time work', async () => {
    const lock = newLock();
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await sleep(5);
      inside--;
    };

    await Promise.all([1, 2, 3].map(() => underLock(lock, work)));

    expect(most).toBe(1);
  });

  test('takes over from a process that is gone', async () => {
    const lock = newLock();
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), '4194305'); // Past the highest process id.

    expect(await underLock(lock, () => Promise.resolve('done'))).toBe('done');
  });

  test('names the process that holds it for too long', async () => {
    const lock = newLock();
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));

    await expect(underLock(lock, () => Promise.resolve(), 150)).rejects.toThrow(`held by process ${process.pid}`);
  });

  test('is free again after work that failed', async () => {
    const lock = newLock();
    await expect(underLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(await underLock(lock, () => Promise.resolve('done'))).toBe('done');
  });
});
