import type { Double } from '.';

/** The smallest picture that is a JPEG: begin and end, and nothing in between. */
const NO_PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xd9]).toString('base64');

/** GetConsoleScreenshot, which moto lacks: an instance that moto has shows an empty picture. */
export const consoleScreenshot: Double = async ({ body }, ask) => {
  const id = new URLSearchParams(body.toString('utf8')).get('InstanceId') ?? '';
  const exists = await ask(`/?Action=DescribeInstances&Version=2016-11-15&InstanceId.1=${encodeURIComponent(id)}`);
  if (exists.status !== 200) return { status: exists.status, contentType: 'text/xml', body: exists.body };
  return {
    status: 200,
    contentType: 'text/xml',
    body: `<GetConsoleScreenshotResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><instanceId>${id}</instanceId><imageData>${NO_PICTURE}</imageData></GetConsoleScreenshotResponse>`,
  };
};
