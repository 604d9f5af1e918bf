import type { FunctionCodeLocation, FunctionConfiguration } from '@aws-sdk/client-lambda';
import { createHash } from 'node:crypto';

/** Bytes of a package that are copied; more does not fit into the memory of who collects it, in base64. */
const MAX_CODE_BYTES = 20 * 1024 * 1024;
/** Milliseconds; collecting one piece of evidence may take 30 s in all. */
const CODE_MS = 20_000;

/**
 * A copy of the function's package, in base64, with its hash compared with what Lambda says. An image is named by its
 * digest. The address that Lambda gives is good for ten minutes and lets anybody in: it is not kept.
 *
 * @throws Error where the package came, and is not what Lambda says it is.
 */
export async function copyCode(
  code: FunctionCodeLocation | undefined,
  configuration: FunctionConfiguration | undefined,
): Promise<object> {
  const { CodeSha256: wanted, CodeSize: bytes = 0, PackageType } = configuration ?? {};
  const known = { sha256Base64: wanted, bytes, lastModified: configuration?.LastModified };
  if (PackageType === 'Image') return { ...known, image: code?.ImageUri, resolvedImage: code?.ResolvedImageUri };
  if (code?.Location === undefined) return { ...known, notCopied: 'Lambda gave no address' };
  if (bytes > MAX_CODE_BYTES) {
    return { ...known, notCopied: `over ${MAX_CODE_BYTES} bytes: copy it by hand, as the runbook's page says` };
  }
  const answer = await fetch(code.Location, { signal: AbortSignal.timeout(CODE_MS) });
  if (!answer.ok) throw new Error(`the package of the function could not be copied: status ${answer.status}`);
  const zip = Buffer.from(await answer.arrayBuffer());
  const got = createHash('sha256').update(zip).digest('base64');
  if (got !== wanted) throw new Error(`the package hashes to ${got}, and Lambda says ${wanted ?? 'nothing'}`);
  return { ...known, zipBase64: zip.toString('base64') };
}
