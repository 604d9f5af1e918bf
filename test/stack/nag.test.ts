import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CfnResource, Validations, type App } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { buildStack } from '../../config/build-stack';
import { parseConfiguration } from '../../config/load';
import { sampleApp, sampleStack } from './sample-stack';

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

/** Every finding of the AwsSolutions pack as `rule at path`. */
function findings(app: App): string[] {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const { directory } = app.synth();
  const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as Report;
  return report.pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    ),
  );
}

/** The findings are read from the report, so they must not stop the synth. */
const reporting = () => sampleApp({ '@aws-cdk/core:failSynthOnValidationErrors': false });

interface Suppression {
  readonly path: string;
  readonly id: string;
  readonly reason: string;
  /** How many resources are below the construct that it was said to. */
  readonly resources: number;
}

function suppressions(root: IConstruct): Suppression[] {
  return root.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]) => ({
        path: construct.node.path,
        id: id.replace(/^Annotation::/, ''),
        reason,
        resources: construct.node.findAll().filter((child) => CfnResource.isCfnResource(child)).length,
      })),
  );
}

/** What is wrong with a suppression: undefined where nothing is. */
function problem({ path, id, reason, resources }: Suppression): string | undefined {
  const where = `${id} at ${path}`;
  if (reason.trim().split(/\s+/).length < 4) return `${where}: no reason that says anything`;
  if (/^AwsSolutions-(?:IAM4|IAM5)$/.test(id)) return `${where}: names no finding, so it is for all of them`;
  // A role and the policy that goes with it, a queue and its policy, a topic and its policy.
  if (resources > 2) return `${where}: is for ${resources} resources`;
  if (resources === 0) return `${where}: is for no resource`;
  return undefined;
}

describe('cdk-nag AwsSolutions', () => {
  test('has no finding in a stack of a known account and Region', () => {
    const app = reporting();
    sampleStack(app);
    expect(findings(app)).toEqual([]);
  });

  test.each([
    ['of an unknown account and Region', ''],
    ['beside which stands the forwarder in us-east-1', "account: '111122223333'\nregion: eu-central-1\n"],
  ])('has none in a stack from firebreak.yaml %s', (_, place) => {
    const app = reporting();
    const yaml = `${place}mode: enforce
sources: { cloudTrail: { events: true, logGroups: [trail] }, guardDuty: true }
escalationChains:
  - name: on-call
    levels: [{ name: first, recipients: [{ email: first@example.com }, { sms: '+15555550100' }], acknowledgeWithin: 5m }]
`;
    buildStack(app, parseConfiguration(yaml, 'firebreak.yaml'), '/etc/firebreak.yaml');
    expect(findings(app)).toEqual([]);
  });

  test('would have one, if there were something to find', () => {
    const app = reporting();
    const { stack } = sampleStack(app);
    new Queue(stack, 'Planted');
    expect(findings(app)).toEqual([
      'AwsSolutions-SQS3 at Sample/Planted/Resource',
      'AwsSolutions-SQS4 at Sample/Planted/Resource',
    ]);
  });

  test('fails the synth where findings are not only reported', () => {
    const app = sampleApp();
    const { stack } = sampleStack(app);
    new Queue(stack, 'Planted');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).toThrow();
  });
});

describe('suppressions', () => {
  const { app } = sampleStack(sampleApp());
  const all = suppressions(app);

  test('say why, each for one resource', () => {
    expect(all.map(problem).filter((text) => text !== undefined)).toEqual([]);
    expect(all.length).toBeGreaterThan(0);
    console.log(`${all.length} suppressions, on ${new Set(all.map(({ path }) => path)).size} resources`);
  });

  test('are of these rules only', () => {
    const rules = new Set(all.map(({ id }) => id.replace(/\[.*$/s, '')));
    expect([...rules].sort()).toEqual(['AwsSolutions-APIG4', 'AwsSolutions-IAM5', 'AwsSolutions-SQS3']);
  });

  test.each([
    ['in bulk', 'AwsSolutions-IAM5', 'A reason of some words.', 'names no finding'],
    ['without a reason', 'AwsSolutions-IAM5[Resource::*]', 'legacy', 'no reason'],
  ])('%s are noticed', (_, id, reason, expected) => {
    const { app: planted, reader } = sampleStack(sampleApp());
    Validations.of(reader).acknowledge({ id, reason });
    expect(suppressions(planted).map(problem)).toContainEqual(expect.stringContaining(expected));
  });

  test('for a whole stack are noticed', () => {
    const { app: planted, stack } = sampleStack(sampleApp());
    Validations.of(stack).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'All queues here are dead-letter queues.' });
    expect(suppressions(planted).map(problem)).toContainEqual(expect.stringMatching(/is for \d{3} resources/));
  });
});
