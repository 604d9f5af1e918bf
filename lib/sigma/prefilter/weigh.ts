import { VERBS } from './facts';
import { isFolded, matchesGlob, onlyText, type Glob } from './glob';

/**
 * Rough shares of what an ordinary account calls, in thousandths, for choosing between patterns only: a wrong number
 * makes a pattern less selective, never unsound. Read calls of consoles and scanners, and what machines do by themselves.
 */
const BUSY: ReadonlyMap<string, number> = new Map(
  Object.entries({
    AssumeRole: 150,
    AssumeRoleWithWebIdentity: 20,
    Decrypt: 100,
    GenerateDataKey: 50,
    GetCallerIdentity: 10,
    GetObject: 80,
    PutObject: 40,
    HeadObject: 20,
    ListObjects: 10,
    ListBuckets: 5,
    HeadBucket: 5,
    GetBucketAcl: 20,
    GetBucketLocation: 10,
    GetBucketPolicy: 10,
    GetBucketEncryption: 10,
    GetBucketLogging: 10,
    GetBucketVersioning: 10,
    DescribeInstances: 20,
    DescribeInstanceStatus: 10,
    DescribeVolumes: 10,
    DescribeSnapshots: 5,
    DescribeSecurityGroups: 5,
    DescribeNetworkInterfaces: 10,
    DescribeTags: 5,
    DescribeLogGroups: 10,
    DescribeLogStreams: 10,
    DescribeTargetHealth: 10,
    DescribeAlarms: 5,
    CreateLogStream: 20,
    CreateLogGroup: 2,
    UpdateInstanceInformation: 20,
    PutEvaluations: 5,
    CreateNetworkInterface: 2,
    DeleteNetworkInterface: 2,
    GetParameter: 5,
    GetSecretValue: 5,
    BatchGetImage: 5,
    GetAuthorizationToken: 5,
    GetRolePolicy: 5,
    ListRoles: 2,
    GetUser: 2,
    SendCommand: 1,
    StartQuery: 1,
    RunTask: 1,
    Invoke: 20,
  }),
);

/** How much of the traffic names with such a verb are, in thousandths. */
const VERB_MASS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    Describe: 300,
    Get: 300,
    List: 150,
    Assume: 150,
    Decrypt: 100,
    Generate: 50,
    Head: 20,
    Batch: 20,
    Lookup: 10,
  }),
);
const OTHER_VERB = 8;
/** Each further letter behind a verb keeps away this share of what is left; of a noun, which reads share, less. */
const PER_LETTER = 0.62;
const PER_NOUN_LETTER = 0.75;
const PER_NOUN_WORD = 0.4;
/** A name that nobody needs is rare, but there are thousands of them. */
const RARE = 0.02;

/** The estimated thousandths of ordinary events whose name fits, and begins with none of the excluded texts. */
export function weighName(glob: Glob, excluded: readonly string[] = []): number {
  const text = onlyText(glob);
  if (text !== undefined) return BUSY.get(text) ?? RARE;
  let busy = 0;
  for (const [name, share] of BUSY)
    if (matchesGlob(glob, name) && !excluded.some((prefix) => name.startsWith(prefix))) busy += share;
  if (glob.head && glob.tail && glob.parts.length === 1) return busy + RARE;
  return RARE + busy + unknownNames(glob, excluded);
}

function unknownNames(glob: Glob, excluded: readonly string[]): number {
  const [first = ''] = glob.parts;
  const letters = glob.parts.join('').length;
  const [verb = ''] = /^[A-Z][a-z]+/.exec(first) ?? [];
  const left = excluded.reduce((mass, prefix) => mass - (VERB_MASS.get(prefix) ?? 0), 1_000);
  if (isFolded(glob)) return left * PER_NOUN_LETTER ** letters;
  if (!VERBS.includes(verb)) {
    const words = (glob.parts.join('').match(/[A-Z]/g) ?? []).length;
    return (glob.head ? 0.1 : 1) * left * PER_NOUN_LETTER ** letters * PER_NOUN_WORD ** Math.max(0, words - 1);
  }
  const mass = VERB_MASS.get(verb) ?? OTHER_VERB;
  // Where the start is free, few names more fit: verbs stand in front.
  return (glob.head ? 1 : 1.1) * mass * PER_LETTER ** (letters - verb.length);
}

/** Of a field other than the name: how much passes of what its neighbours let through, from 0 to 1. */
export function passes(path: string, kind: 'text' | 'missing' | 'present' | 'flag', globs: readonly Glob[]): number {
  if (kind === 'missing') return path === 'errorCode' || path === 'errorMessage' ? 0.8 : 0.9;
  if (kind === 'present') return 0.2;
  if (kind === 'flag') return 0.5;
  if (path === 'userIdentity.type') {
    const shares: Record<string, number> = { AssumedRole: 0.7, AWSService: 0.2, IAMUser: 0.1, Root: 0.001 };
    return Math.min(
      1,
      globs.reduce((sum, glob) => sum + (shares[onlyText(glob) ?? ''] ?? 0.01), 0),
    );
  }
  if (path === 'eventSource') return Math.min(1, globs.length * 0.05);
  if (path === 'errorCode') return Math.min(1, globs.length * 0.02);
  if (path === 'eventCategory' || path === 'eventType' || path === 'awsRegion') return 0.9;
  return Math.min(
    1,
    globs.reduce((sum, { parts }) => sum + PER_LETTER ** parts.join('').length, 0),
  );
}
