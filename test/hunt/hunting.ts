import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pc from 'picocolors';
import { run } from '../../cli/program';
import type { Io } from '../../cli/io';
import type { Found } from '../../cli/hunt/found';

export interface Hunted {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly found: readonly Found[];
}

/** A folder of files; gone after the test. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'firebreak-hunt-'));

  write(name: string, content: string | Buffer): string {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), content);
    return name;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }

  /** Runs the command line in the folder. */
  async hunt(...args: readonly string[]): Promise<Hunted> {
    let out = '';
    let err = '';
    const io: Io = {
      out: (text) => (out += text),
      err: (text) => (err += text),
      env: {},
      cwd: this.path,
      colours: pc.createColors(false),
      progress: () => undefined,
      exitCode: 0,
    };
    const code = await run(['hunt', ...args], io, '0.0.0');
    const lines = args.includes('--json') ? out.split('\n').filter((line) => line !== '') : [];
    return { code, out, err, found: lines.map((line) => JSON.parse(line) as Found) };
  }
}

export const RULE = `title: User created
id: 0d0d0d0d-0000-4000-8000-00000000000a
status: test
description: A user was created
logsource:
  product: aws
  service: cloudtrail
detection:
  selection:
    eventSource: iam.amazonaws.com
    eventName: CreateUser
  condition: selection
level: high
`;

export const OTHER_RULE = RULE.replace('User created', 'Users listed')
  .replace('00000000000a', '00000000000b')
  .replace('CreateUser', 'ListUsers');

/** A CloudTrail record of a user who calls. */
export function call(eventName: string, id: string, more: object = {}): object {
  return {
    eventVersion: '1.08',
    userIdentity: {
      type: 'IAMUser',
      arn: 'arn:aws:iam::111111111111:user/mallory',
      accountId: '111111111111',
      userName: 'mallory',
    },
    eventTime: '2026-11-20T10:00:00Z',
    eventSource: 'iam.amazonaws.com',
    eventName,
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.7',
    eventID: id,
    recipientAccountId: '111111111111',
    ...more,
  };
}
