import { afterEach, describe, expect, test } from '@jest/globals';
import { reachable, startEmbeddedAws } from '../../local/embedded-aws';
import { firebreakHome } from '../../local/paths';
import { freePort } from '../../local/ports';

describe('startEmbeddedAws with FIREBREAK_AWS_ENDPOINT', () => {
  afterEach(() => {
    delete process.env.FIREBREAK_AWS_ENDPOINT;
  });

  test('says what to do when nothing answers there', async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    process.env.FIREBREAK_AWS_ENDPOINT = endpoint;

    await expect(startEmbeddedAws()).rejects.toThrow(
      `FIREBREAK_AWS_ENDPOINT is ${endpoint}, but nothing answers there; start that emulator, correct the address`,
    );
  });
});

describe('reachable', () => {
  const endpoint = 'http://127.0.0.1:4566';

  test.each([
    [
      'https://abc123.execute-api.us-east-1.amazonaws.com/ack?t=1',
      '/_firebreak/host/abc123.execute-api.localhost/ack?t=1',
    ],
    ['http://abc123.execute-api.localhost:4566/ack', '/_firebreak/host/abc123.execute-api.localhost/ack'],
    ['https://xyz.lambda-url.us-east-1.on.aws/', '/_firebreak/host/xyz.lambda-url.us-east-1.on.aws/'],
  ])('leads %s over the proxy', (url, path) => {
    expect(reachable(endpoint, url)).toBe(endpoint + path);
  });

  test('leaves other addresses alone', () => {
    expect(reachable(endpoint, 'https://example.com/x')).toBe('https://example.com/x');
  });
});

test('the home is FIREBREAK_HOME, else beside the nearest package.json', () => {
  expect(firebreakHome({ FIREBREAK_HOME: '/somewhere' }, '/')).toBe('/somewhere');
  expect(firebreakHome({}, __dirname)).toMatch(/\.firebreak$/);
  expect(firebreakHome({}, '/')).toBe('/.firebreak');
});
