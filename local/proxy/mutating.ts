/** AWS's own spelling: what begins so changes nothing. */
const READS =
  /^(Get|List|Describe|Head|Lookup|Query|Scan|Search|Select|BatchGet|TransactGet|Simulate|Filter|Test|Validate|Estimate|Check|Decode|Verify|Generate|Preview|StartQuery|StopQuery)/;

/** CloudTrail calls these read-only, too, though their names do not say so. */
const READS_BY_NAME = new Set([
  ...['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'Decrypt', 'Encrypt', 'ReEncrypt', 'Sign'],
  ...['DetectStackDrift', 'DetectStackResourceDrift'],
]);

/**
 * Whether an operation may change something. In doubt it does: a drill that must not change anything should fail
 * rather than look away.
 */
export function isMutating(
  service: string,
  operation: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): boolean {
  // A dry run only asks for permission. (moto honours it; see local/README.md.)
  if (service === 'ec2' && String(params.DryRun) === 'true') return false;
  if (operation === 'Invoke') return headers['x-amz-invocation-type'] !== 'DryRun';
  if (operation === 'ExecuteStatement') return !/^\s*select\b/i.test(text(params.Statement));
  if (operation.includes(' ')) return method !== 'GET' && method !== 'HEAD'; // Known by method and path only.
  return !READS.test(operation) && !READS_BY_NAME.has(operation);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
