/**
 * Where SQS clients look for queues. MiniStack's queue URLs say `localhost`, and a client that has another host as its
 * endpoint warns at every call. For everything else it is 127.0.0.1: with `localhost` S3 clients would ask for
 * `bucket.localhost`, which does not resolve. (Telling MiniStack to be 127.0.0.1 makes its API URLs invalid.)
 */
export function queueEndpoint(endpoint: string): string {
  return endpoint.replace('//127.0.0.1:', '//localhost:');
}
