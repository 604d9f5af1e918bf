import { App } from 'aws-cdk-lib';
import { resolve } from 'node:path';
import { buildStack } from '../config/build-stack';
import { ConfigurationError, loadConfiguration } from '../config/load';

const path = process.env['FIREBREAK_CONFIG'] ?? 'firebreak.yaml';
try {
  const app = new App();
  buildStack(app, loadConfiguration(path), resolve(path));
  app.synth();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  // Mistakes of configuration and rules are for people: what is wrong and where, without a stack trace.
  console.error(
    error instanceof ConfigurationError ? error.message : (process.env['DEBUG'] ?? '') ? error.stack : error.message,
  );
  process.exitCode = 1;
}
