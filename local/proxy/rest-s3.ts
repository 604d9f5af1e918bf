type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Sub-resources in the query, and what an operation on them is called; `Bucket` is put before where it is missing. */
const SUBRESOURCES: Readonly<Record<string, string>> = {
  acl: 'Acl',
  cors: 'BucketCors',
  encryption: 'BucketEncryption',
  'legal-hold': 'ObjectLegalHold',
  lifecycle: 'BucketLifecycleConfiguration',
  location: 'BucketLocation',
  logging: 'BucketLogging',
  notification: 'BucketNotificationConfiguration',
  'object-lock': 'ObjectLockConfiguration',
  ownershipControls: 'BucketOwnershipControls',
  policy: 'BucketPolicy',
  policyStatus: 'BucketPolicyStatus',
  publicAccessBlock: 'PublicAccessBlock',
  replication: 'BucketReplication',
  requestPayment: 'BucketRequestPayment',
  retention: 'ObjectRetention',
  tagging: 'Tagging',
  versioning: 'BucketVersioning',
  website: 'BucketWebsite',
};

const VERBS: Readonly<Record<string, string>> = {
  GET: 'Get',
  PUT: 'Put',
  DELETE: 'Delete',
  HEAD: 'Head',
  POST: 'Post',
};

/** S3 has no operation in the request: it follows from method, path and query. */
export function s3Operation(
  method: string,
  url: URL,
  headers: Headers,
): { operation: string; path: Record<string, string> } {
  const [, bucket = '', ...rest] = url.pathname.split('/');
  const key = decodeURIComponent(rest.join('/'));
  const path = { ...(bucket !== '' && { Bucket: bucket }), ...(key !== '' && { Key: key }) };
  return { operation: name(method, bucket, key, url.searchParams, headers), path };
}

function name(method: string, bucket: string, key: string, query: URLSearchParams, headers: Headers): string {
  const verb = VERBS[method] ?? method;
  if (bucket === '') return 'ListBuckets';
  const sub = Object.keys(SUBRESOURCES).find((candidate) => query.has(candidate));
  if (sub !== undefined) return verb + qualified(SUBRESOURCES[sub] ?? '', key);
  if (query.has('uploads')) return method === 'GET' ? 'ListMultipartUploads' : 'CreateMultipartUpload';
  if (query.has('uploadId')) {
    return (
      { PUT: 'UploadPart', POST: 'CompleteMultipartUpload', DELETE: 'AbortMultipartUpload' }[method] ?? 'ListParts'
    );
  }
  if (query.has('delete')) return 'DeleteObjects';
  if (query.has('versions')) return 'ListObjectVersions';
  if (query.has('select')) return 'SelectObjectContent';
  if (key !== '')
    return method === 'PUT' && headers['x-amz-copy-source'] !== undefined ? 'CopyObject' : `${verb}Object`;
  if (method === 'GET') return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
  return method === 'PUT' ? 'CreateBucket' : `${verb}Bucket`;
}

function qualified(sub: string, key: string): string {
  return sub === 'Acl' || sub === 'Tagging' ? (key === '' ? 'Bucket' : 'Object') + sub : sub;
}
