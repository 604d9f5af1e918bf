import { App } from 'aws-cdk-lib';
import { join } from 'node:path';
import { buildStack } from '../../../config/build-stack';
import { loadConfiguration } from '../../../config/load';
import { OrganizationGuardStack } from '../../../lib';
import { packageRoot } from '../../../local/paths';
import { ACCOUNT, sampleApp } from '../sample-stack';

const LARGE_COMPANY = join(packageRoot(), 'test', 'stack', 'cloudformation', 'large-company.yaml');

/** What the CDK's command line adds to each template, and CloudFormation counts. */
const METADATA = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:version-reporting': true,
};

/** What a large company deploys: its stack, the forwarder of global events, and the guard of the organisation. */
export function largeCompany(outdir?: string): App {
  const app = sampleApp(METADATA, { outdir });
  buildStack(app, loadConfiguration(LARGE_COMPANY), LARGE_COMPANY);
  new OrganizationGuardStack(app, 'OrganizationGuard', {
    guard: {
      targetIds: [ACCOUNT],
      people: ['arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*'],
      stateMachines: [`arn:aws:states:*:${ACCOUNT}:stateMachine:*Firebreak*`],
    },
  });
  return app;
}

/** The files in which `app` hands its templates over, by stack. */
export function templateFiles(app: App): Map<string, string> {
  return new Map(app.synth().stacks.map((stack) => [stack.stackName, stack.templateFullPath]));
}
