import { describe, expect, test } from '@jest/globals';
import { identify, type WebRequest } from '../../local/proxy/identify';

const signedFor = (service: string): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261121/us-east-1/${service}/aws4_request, Signature=0`,
  'user-agent': 'aws-sdk-js/3.1 os/linux',
});

const request = (service: string, rest: Partial<WebRequest> = {}): WebRequest => ({
  method: 'POST',
  url: '/',
  body: Buffer.from(''),
  ...rest,
  headers: { ...signedFor(service), ...rest.headers },
});

const form = (service: string, body: string): WebRequest =>
  request(service, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: Buffer.from(body) });

const json = (service: string, target: string, body: object): WebRequest =>
  request(service, {
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
    body: Buffer.from(JSON.stringify(body)),
  });

describe('identify', () => {
  test.each<[string, WebRequest, object]>([
    [
      'a query call',
      form('iam', 'Action=UpdateAccessKey&UserName=mallory&AccessKeyId=AKIA1&Status=Inactive'),
      {
        operation: 'UpdateAccessKey',
        protocol: 'query',
        mutating: true,
        resource: { UserName: 'mallory', AccessKeyId: 'AKIA1', Status: 'Inactive' },
      },
    ],
    [
      'an EC2 call',
      form('ec2', 'Action=DescribeInstances&InstanceId.1=i-1'),
      { operation: 'DescribeInstances', protocol: 'ec2', mutating: false, resource: { 'InstanceId.1': 'i-1' } },
    ],
    [
      'an EC2 dry run, which changes nothing',
      form('ec2', 'Action=StopInstances&InstanceId.1=i-1&DryRun=true'),
      { operation: 'StopInstances', mutating: false },
    ],
    [
      'a JSON call',
      json('dynamodb', 'DynamoDB_20120810.UpdateItem', { TableName: 'T', Key: { pk: { S: 'a' } } }),
      {
        operation: 'UpdateItem',
        protocol: 'json',
        mutating: true,
        resource: { TableName: 'T', Key: '{"pk":{"S":"a"}}' },
      },
    ],
    [
      'a transaction with its tables',
      json('dynamodb', 'DynamoDB_20120810.TransactWriteItems', { TransactItems: [{ Put: { TableName: 'T' } }] }),
      { mutating: true, resource: { 'Put.TableName': 'T' } },
    ],
    [
      'a CBOR call',
      request('monitoring', { url: '/service/GraniteServiceVersion20100801/operation/PutMetricData' }),
      { operation: 'PutMetricData', protocol: 'cbor', mutating: true },
    ],
    [
      'an S3 object',
      request('s3', { method: 'PUT', url: '/vault/a/b%20c?x-id=PutObject' }),
      { operation: 'PutObject', protocol: 'rest-xml', mutating: true, resource: { Bucket: 'vault', Key: 'a/b c' } },
    ],
    ['an S3 sub-resource', request('s3', { method: 'GET', url: '/vault?object-lock' }), { mutating: false }],
    [
      'a Lambda call',
      request('lambda', { method: 'POST', url: '/2015-03-31/functions/responder/invocations' }),
      { operation: 'Invoke', protocol: 'rest-json', mutating: true, resource: { FunctionName: 'responder' } },
    ],
    [
      "GuardDuty's by method and path, whatever the ids are",
      request('guardduty', { method: 'POST', url: '/detector/1/filter/noise' }),
      { operation: 'UpdateFilter', mutating: true, resource: { DetectorId: '1', FilterName: 'noise' } },
    ],
    [
      'an unknown REST call by method and path',
      request('batch', { method: 'GET', url: '/v1/jobs' }),
      { operation: 'GET /v1/jobs', mutating: false },
    ],
  ])('names %s', (_, given, expected) => {
    expect(identify(given)).toMatchObject(expected);
  });

  test('names the Lambda that calls, by what its worker adds to the user agent', () => {
    const agent = 'aws-sdk-js/3.1 exec-env/AWS_Lambda_nodejs~Stack-Contain-1~4711 api/iam#3';

    const { source } = identify(request('iam', { headers: { 'user-agent': agent } }));

    expect(source).toEqual({ kind: 'lambda', name: 'Stack-Contain-1', accessKey: 'AKIAEXAMPLE', pid: 4711 });
  });

  test('keeps content out of the record', () => {
    const given = json('secretsmanager', 'secretsmanager.PutSecretValue', { SecretId: 's', SecretString: 'hunter2' });

    expect(JSON.stringify(identify(given))).not.toContain('hunter2');
  });

  test('does not fail on a body that is no JSON', () => {
    const broken = { ...json('dynamodb', 'DynamoDB_20120810.GetItem', {}), body: Buffer.from('{"TableName') };

    expect(identify(broken)).toMatchObject({ operation: 'GetItem', mutating: false, resource: {} });
  });
});
