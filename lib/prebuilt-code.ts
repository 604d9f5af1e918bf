import { createHash } from 'node:crypto';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** The folder of the installed package (or of the clone): the same from source, from jest and from `dist`. */
export function packageRoot(): string {
  return dirname(require.resolve('firebreak/package.json'));
}

/**
 * The code of a Lambda function from its prebuilt bundle, with files written beside it at synth. Needs neither
 * esbuild nor Docker on the machine that synthesises.
 *
 * @param scope the construct that is told in errors
 * @param bundle folder below `dist/lambdas`, e.g. `detect/detector`
 * @param files texts by file name, e.g. `program.js`
 * @throws Error where the bundle was not built
 */
export function prebuiltCode(scope: Construct, bundle: string, files: { [name: string]: string } = {}): Code {
  const folder = join(packageRoot(), 'dist', 'lambdas', bundle);
  if (!existsSync(join(folder, 'index.js'))) {
    throw new Error(
      `'${scope.node.path}' needs the bundle ${folder}, which is not there; run \`npm run bundle\` in the repository`,
    );
  }
  const written = Object.entries(files);
  if (written.length === 0) return Code.fromAsset(folder);
  return Code.fromAsset(folder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-used'),
      // The CDK keeps staged assets by their options, and a function is no part of that key: two functions of one
      // bundle with different files would get the files of the first.
      environment: { FILES: createHash('sha256').update(JSON.stringify(written)).digest('hex') },
      local: {
        tryBundle(output) {
          cpSync(folder, output, { recursive: true });
          for (const [name, text] of written) writeFileSync(join(output, name), text);
          return true;
        },
      },
    },
  });
}
