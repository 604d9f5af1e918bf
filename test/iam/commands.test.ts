import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { neededCalls } from './needed';
import { DATA_CALLS, NOT_SIMULATED } from './needed-data';
import { identityCalls } from './needed-identity';
import { Roles } from './roles';

const ROOT = join(__dirname, '../..');

/** IAM's prefix of each client's service where it is not the client's own name. */
const PREFIXES: Readonly<Record<string, string>> = {
  'auto-scaling': 'autoscaling',
  'cloudwatch-logs': 'logs',
  'config-service': 'config',
  'elastic-load-balancing': 'elasticloadbalancing',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  eventbridge: 'events',
  'secrets-manager': 'secretsmanager',
  sfn: 'states',
};

/** IAM's names where they are not the call's. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'lib-dynamodb:BatchGet': ['dynamodb:BatchGetItem'],
  'lib-dynamodb:BatchWrite': ['dynamodb:BatchWriteItem'],
  'lib-dynamodb:Delete': ['dynamodb:DeleteItem'],
  'lib-dynamodb:Get': ['dynamodb:GetItem'],
  'lib-dynamodb:Put': ['dynamodb:PutItem'],
  'lib-dynamodb:Query': ['dynamodb:Query'],
  'lib-dynamodb:Update': ['dynamodb:UpdateItem'],
  // A transaction is asked about item by item.
  'lib-dynamodb:TransactWrite': ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
  'lambda:Invoke': ['lambda:InvokeFunction'],
  's3:DeletePublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:GetBucketEncryption': ['s3:GetEncryptionConfiguration'],
  's3:GetBucketLifecycleConfiguration': ['s3:GetLifecycleConfiguration'],
  's3:GetBucketNotificationConfiguration': ['s3:GetBucketNotification'],
  's3:GetBucketReplication': ['s3:GetReplicationConfiguration'],
  's3:GetPublicAccessBlock': ['s3:GetBucketPublicAccessBlock'],
  's3:HeadBucket': ['s3:ListBucket'],
  's3:ListBuckets': ['s3:ListAllMyBuckets'],
  's3:PutBucketLifecycleConfiguration': ['s3:PutLifecycleConfiguration'],
  's3:PutBucketReplication': ['s3:PutReplicationConfiguration', 'iam:PassRole'],
  's3:PutPublicAccessBlock': ['s3:PutBucketPublicAccessBlock'],
  's3:ListObjectVersions': ['s3:ListBucketVersions'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  'sqs:SendMessageBatch': ['sqs:SendMessage'],
  // Needs no permission (STS API reference).
  'sts:GetCallerIdentity': [],
};

/** Every call of AWS in what runs in AWS, as `service:Call`, with the file that makes it. */
function calls(): Map<string, string> {
  const found = new Map<string, string>();
  const files = ['lambdas', 'runbooks'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  for (const file of files) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const packages = new Map<string, string>();
    for (const [, names = '', from = ''] of text.matchAll(
      /\{([^{}]*)\}\s*(?:from\s*|=\s*(?:await import|require)\(\s*)'@aws-sdk\/([\w-]+)'/g,
    )) {
      for (const name of names.split(',')) packages.set(name.trim().replace(/^type /, ''), from);
    }
    for (const [, name = ''] of text.matchAll(/new (\w+)Command\(/g)) {
      const from = packages.get(`${name}Command`);
      if (from === undefined) throw new Error(`${file}: ${name}Command is imported from nowhere that the test knows`);
      found.set(`${from.replace(/^client-/, '')}:${name}`, file);
    }
  }
  return found;
}

function actionsOf(call: string): readonly string[] {
  const [service = '', name = ''] = call.split(':');
  return ACTIONS[call] ?? [`${PREFIXES[service] ?? service}:${name}`];
}

describe('the table of needed calls', () => {
  const tested = new Set([
    ...[
      ...Object.values(neededCalls(new Roles())),
      ...Object.values(DATA_CALLS),
      ...Object.values(identityCalls('unused')),
    ]
      .flat()
      .map(([action]) => action),
    ...Object.values(NOT_SIMULATED),
  ]);

  test('has every call that the code makes', () => {
    const all = calls();
    const missing = [...all].flatMap(([call, file]) =>
      actionsOf(call)
        .filter((action) => !tested.has(action))
        .map((action) => `${file} calls ${call}: no role is tested for ${action}`),
    );
    expect(missing).toEqual([]);
    console.log(`${all.size} kinds of call in the code, ${tested.size} actions simulated`);
  });
});
