import { describe, expect, test } from '@jest/globals';
import { readFileSync, statSync } from 'node:fs';
import { largeCompany, templateFiles } from './templates';

/** CloudFormation: bytes of a template in S3, white space included, and resources of a stack. */
const MAX_BYTES = 1_000_000;
const MAX_RESOURCES = 500;

describe('one stack of a large company', () => {
  const file = templateFiles(largeCompany()).get('Firebreak') ?? '';

  test(`has fewer than ${MAX_BYTES} bytes in the file that is handed over`, () => {
    const { size } = statSync(file);
    console.log(`${size} bytes of ${MAX_BYTES}`);
    expect(size).toBeLessThan(MAX_BYTES);
  });

  test(`has no more than ${MAX_RESOURCES} resources`, () => {
    const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, { Type: string }> };
    const { length } = Object.keys(Resources);
    console.log(`${length} resources of ${MAX_RESOURCES}`);
    expect(length).toBeGreaterThan(400);
    // As the CDK's command line has it, with its own resource and the paths of all.
    expect(Object.values(Resources).map(({ Type }) => Type)).toContain('AWS::CDK::Metadata');
    expect(JSON.stringify(Resources)).toContain('"aws:cdk:path":"Firebreak/Firebreak/');
    expect(length).toBeLessThanOrEqual(MAX_RESOURCES);
  });
});
