import { AwsClients } from '../../../lambdas/shared/aws-clients';
import type { Target } from '../../../lib/model/plan';
import { cases } from '../../../runbooks/restore-logging/cases';
import { record } from '../../../runbooks/restore-logging/record';
import type { Shape } from '../contract';
import { LoggingWorld } from '../logging';

const target: Target = { kind: 'account', id: '000000000000', account: '000000000000', region: 'us-east-1' };

export const shapes: readonly Shape[] = cases.map(({ name, calls }) => ({
  name,
  alone: true,
  async arrange(aws) {
    const world = new LoggingWorld(aws);
    // An account has one recorder and one detector: those of the trial before, here or in another process, go.
    await world.clear();
    await world.make();
    const where = { aws: new AwsClients(target.region), target };
    await record(where, { accept: true, by: 'the test' }, new Date());
    for (const call of calls) await world.tamper(call);
    // Logging stays on when it is released: nothing of it `restores`.
    return { target, stateOf: () => Promise.resolve('nothing') };
  },
}));
