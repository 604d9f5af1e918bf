import { GetDetectorCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { type Check, ok, warning } from './check';

export const guardDuty: Check = {
  name: 'GuardDuty',
  async look({ aws }) {
    const client = new GuardDutyClient(aws);
    const [DetectorId] = (await client.send(new ListDetectorsCommand({}))).DetectorIds ?? [];
    const remedy = 'turn it on, in every Region that is used: without it nobody looks at network traffic and DNS';
    if (DetectorId === undefined) return warning('off in this Region', remedy);
    const { Status } = await client.send(new GetDetectorCommand({ DetectorId }));
    return Status === 'ENABLED'
      ? ok(`on (detector ${DetectorId})`)
      : warning(`detector ${DetectorId} is ${Status ?? 'unknown'}`, remedy);
  },
};
