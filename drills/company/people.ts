import {
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  GetUserCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { randomBytes } from 'node:crypto';
import type { DrillApi } from '../clients';

/** An IAM user of the company, with a key to call by. */
export interface Person {
  readonly name: string;
  readonly arn: string;
  /** `AIDA…` */
  readonly userId: string;
  /** The first access key; what an attacker finds. */
  readonly key: string;
}

export interface PersonOptions {
  readonly name: string;
  /** How many access keys; IAM allows 2. */
  readonly keys: 1 | 2;
  /** Has a password for the console. */
  readonly console: boolean;
}

export async function hire(api: DrillApi, options: PersonOptions): Promise<Person> {
  const { iam } = api;
  const { name: UserName } = options;
  await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'daily-work', PolicyDocument: dailyWork(api) }));
  const keys: string[] = [];
  for (let i = 0; i < options.keys; i++) {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    keys.push(AccessKey?.AccessKeyId ?? '');
  }
  if (options.console) {
    // Nobody keeps it: the embedded AWS has no console.
    await iam.send(new CreateLoginProfileCommand({ UserName, Password: randomBytes(24).toString('base64url') }));
  }
  const { User } = await iam.send(new GetUserCommand({ UserName }));
  return { name: UserName, arn: User?.Arn ?? '', userId: User?.UserId ?? '', key: keys[0] ?? '' };
}

function dailyWork({ account }: DrillApi): string {
  const Statement = [
    { Sid: 'DailyWork', Effect: 'Allow', Action: ['iam:*', 'ec2:Describe*', 's3:*'], Resource: '*' },
    { Sid: 'NotTheBoss', Effect: 'Deny', Action: 'iam:*', Resource: `arn:aws:iam::${account}:user/chief-executive` },
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
