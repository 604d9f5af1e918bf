import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Detector, RuleSet } from '../../lib/detect';
import { packageRoot, prebuiltCode } from '../../lib/prebuilt-code';
import { loadProgram } from '../sigma/load-program';
import { correlation, named } from '../sigma/correlation/documents';
import { ruleText } from '../sigma/one-rule';
import { roleStatements } from '../support/role-statements';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-rules-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a rule set', () => {
  test('built in: has the rules of the package', () => {
    expect(RuleSet.builtIn().size).toBeGreaterThanOrEqual(20);
  });

  test('tells every mistake of every file', () => {
    writeFileSync(join(folder, 'one.yml'), ruleText('s:\n  a|contians: x\ncondition: s'));
    writeFileSync(join(folder, 'two.yaml'), ruleText('s:\n  a: x\ncondition: t'));
    expect(() => RuleSet.directory(folder)).toThrow(
      `the rules have 2 mistakes:
${folder}/one.yml:8:5: unknown modifier 'contians'; did you mean 'contains'?
${folder}/two.yaml:9:14: unknown search identifier 't'`,
    );
  });

  test('refuses an id that two files have, and a folder that is none or empty', () => {
    expect(() => RuleSet.builtIn().combine(RuleSet.builtIn())).toThrow('is already used in');
    expect(() => RuleSet.directory(join(folder, 'nowhere'))).toThrow(
      "nowhere' is none; give the path of a folder with Sigma rules (.yml)",
    );
    expect(() => RuleSet.directory(mkdtempSync(join(folder, 'empty-')))).toThrow('holds no Sigma rule (.yml, .yaml)');
  });
});

describe('a detector', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const alerts = new Queue(stack, 'Alerts');
  new Detector(stack, 'Detector', { alertQueue: alerts });
  const template = Template.fromStack(stack);

  test('is a function with a limit, retries and a dead-letter queue', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 300,
      LoggingConfig: Match.objectLike({ LogFormat: 'JSON', LogGroup: Match.anyValue() }),
      DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DetectorDeadLetterQueue'), 'Arn'] } },
      Environment: {
        Variables: Match.objectLike({
          ALERT_QUEUE_URL: Match.anyValue(),
          REJECTED_QUEUE_URL: Match.anyValue(),
          HOME_ACCOUNT: { Ref: 'AWS::AccountId' },
          LOG_SOURCES: '[]',
        }),
      },
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 2 });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: Match.anyValue() });
  });

  test('keeps what failed for 14 days, by TLS only', () => {
    for (const id of ['DeadLetterQueue', 'RejectedQueue']) {
      const queues = template.findResources('AWS::SQS::Queue', {
        Properties: { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true },
      });
      const found = Object.keys(queues).find((name) => name.startsWith(`Detector${id}`));
      expect(found).toBeDefined();
      template.hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: found }],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ]),
        },
      });
    }
  });

  test('may write its own log, count in its own table and send to its queues, and nothing else', () => {
    const statements = [...roleStatements(template).values()].flat();
    const actions = new Set(statements.flatMap(({ Action }) => Action));
    expect([...actions].sort()).toEqual([
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:SendMessage',
    ]);
    expect(statements.filter(({ Resource }) => Resource === '*')).toEqual([]);
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  test('has logical ids that stay', () => {
    const stateful = { ...template.findResources('AWS::SQS::Queue'), ...template.findResources('AWS::Logs::LogGroup') };
    expect(
      Object.keys(stateful)
        .filter((id) => id.startsWith('Detector'))
        .sort(),
    ).toEqual(['DetectorDeadLetterQueueE092389C', 'DetectorFunctionLogs0D61AE70', 'DetectorRejectedQueueEB8F287E']);
  });

  test('two of them have each their own rules beside the one bundle', () => {
    // GIVEN
    const own = mkdtempSync(join(folder, 'own-'));
    writeFileSync(join(own, 'a.yml'), ruleText('s:\n  a: 1\ncondition: s'));
    const two = new App();
    const both = new Stack(two, 'Stack');
    new Detector(both, 'A', { alertQueue: new Queue(both, 'Q') });
    new Detector(both, 'B', { alertQueue: new Queue(both, 'R'), rules: RuleSet.directory(own) });
    // WHEN
    const { directory } = two.synth();
    const assets = Object.values(Template.fromStack(both).findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => (Properties as { Code: { S3Key: string } }).Code.S3Key.replace('.zip', ''),
    );
    // THEN
    const sizes = assets.map((hash) => {
      expect(readFileSync(join(directory, `asset.${hash}`, 'index.js')).length).toBeGreaterThan(0);
      const program = loadProgram(readFileSync(join(directory, `asset.${hash}`, 'program.js'), 'utf8'));
      return program.rules.length + (program.correlations ?? []).length;
    });
    expect(sizes).toEqual([RuleSet.builtIn().size, 1]);
  });
});

test('a bundle that was not built is told with its folder', () => {
  const stack = new Stack(new App(), 'S');
  expect(() => prebuiltCode(stack, 'detect/none')).toThrow(
    `'S' needs the bundle ${packageRoot()}/dist/lambdas/detect/none, which is not there; run \`npm run bundle\` in the repository`,
  );
});

describe('a detector whose rules have correlations', () => {
  const withCorrelation = (section: string): RuleSet => {
    const path = mkdtempSync(join(folder, 'correlated-'));
    writeFileSync(join(path, 'rules.yml'), [named('failed'), correlation(section)].join('---\n'));
    return RuleSet.directory(path);
  };

  test('has a table that costs nothing while nothing is counted, and forgets by itself', () => {
    const stack = new Stack(new App(), 'Stack');
    const rules = withCorrelation(
      'type: event_count\nrules: [failed]\ngroup-by: [user]\ntimespan: 5m\ncondition: {gte: 10}',
    );
    new Detector(stack, 'Detector', { alertQueue: new Queue(stack, 'Alerts'), rules });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          CORRELATION_TABLE: { Ref: Match.stringLikeRegexp('^DetectorCorrelationsTable') },
        }),
      },
    });
    expect([...roleStatements(template).values()].flat()).toContainEqual(
      expect.objectContaining({
        Action: [
          'dynamodb:PutItem',
          'dynamodb:BatchWriteItem',
          'dynamodb:UpdateItem',
          'dynamodb:Query',
          'dynamodb:DeleteItem',
        ],
      }),
    );
    expect(rules.size).toBe(2);
  });

  test('has no table where the rules have none', () => {
    const stack = new Stack(new App(), 'Stack');
    const path = mkdtempSync(join(folder, 'plain-'));
    writeFileSync(join(path, 'rule.yml'), ruleText('s:\n  a: 1\ncondition: s'));
    new Detector(stack, 'Detector', { alertQueue: new Queue(stack, 'Alerts'), rules: RuleSet.directory(path) });
    Template.fromStack(stack).resourceCountIs('AWS::DynamoDB::Table', 0);
  });

  test.each(['value_avg', 'value_percentile'])('refuses %s with the reason and what to do', (type) => {
    const stack = new Stack(new App(), 'Stack');
    const rules = withCorrelation(
      `type: ${type}\nrules: [failed]\ngroup-by: [user]\ntimespan: 5m\ncondition: {field: bytes, gte: 10}`,
    );
    expect(() => new Detector(stack, 'Detector', { alertQueue: new Queue(stack, 'Alerts'), rules })).toThrow(
      /do not run in a deployed detector: past its bound a group is no longer kept.*firebreak hunt.*A correlation/s,
    );
  });
});
