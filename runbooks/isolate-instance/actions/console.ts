import { EC2Client, GetConsoleOutputCommand, GetConsoleScreenshotCommand } from '@aws-sdk/client-ec2';
import type { ActionContext, EvidenceSource } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { instanceId } from './instance';

/** What would be seen on the screen at this moment: a ransom note, a program that somebody left open. */
export const consoleScreenshot: EvidenceSource = {
  name: 'console-screenshot',
  async collect(context) {
    const { ImageData = '' } = await context.aws
      .of(EC2Client)
      // Not woken up: a key press would change what is to be seen.
      .send(new GetConsoleScreenshotCommand({ InstanceId: instanceId(context), WakeUp: false }));
    if (ImageData === '') throw new Error('EC2 answered without a picture');
    return { call: 'ec2:GetConsoleScreenshot', contentType: 'image/jpeg', body: Buffer.from(ImageData, 'base64') };
  },
};

/** Nitro instances give their newest 64 KB; others what was there after the start. */
export const consoleOutput: EvidenceSource = {
  name: 'console-output',
  async collect(context) {
    const body = Buffer.from(await newestOutput(context), 'base64').toString('utf8');
    return { call: 'ec2:GetConsoleOutput', contentType: 'text/plain', body: body === '' ? '(empty)' : body };
  },
};

async function newestOutput(context: ActionContext): Promise<string> {
  const InstanceId = instanceId(context);
  const ec2 = context.aws.of(EC2Client);
  try {
    return (await ec2.send(new GetConsoleOutputCommand({ InstanceId, Latest: true }))).Output ?? '';
  } catch (error) {
    // Before Nitro there is no newest.
    if (!isNamed(error, 'UnsupportedOperation')) throw error;
    return (await ec2.send(new GetConsoleOutputCommand({ InstanceId }))).Output ?? '';
  }
}
