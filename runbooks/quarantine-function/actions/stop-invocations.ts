import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { action, type ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { functionName, readFunction } from './function';

type Before = {
  /** Null where nothing was reserved, which is not the same as any number. */
  readonly reserved: number | null;
};

/** Zero covers every version, alias and trigger, whoever calls, and the function's URL; and it is given back exactly. */
export const stopInvocations = action<Before>({
  id: 'stop-invocations',

  async read(context) {
    await readFunction(context);
    return { reserved: await readReserved(context) };
  },

  changes(before, { target }) {
    if (before.reserved === 0) return [];
    return [
      {
        call: 'lambda:PutFunctionConcurrency',
        resource: target.id,
        from: reservedText(before.reserved),
        to: `${reservedText(0)}: no invocation is let in`,
      },
    ];
  },

  permissions(before, { target }, step) {
    const call = step === 'release' && before.reserved === null ? 'Delete' : 'Put';
    return [{ actions: [`lambda:${call}FunctionConcurrency`], resources: [target.id] }];
  },

  async contain(_before, context) {
    await context.change
      .of(LambdaClient)
      .send(
        new PutFunctionConcurrencyCommand({ FunctionName: functionName(context), ReservedConcurrentExecutions: 0 }),
      );
  },

  async verify(_before, context) {
    const reserved = await readReserved(context);
    return { ok: reserved === 0, observed: reservedText(reserved) };
  },

  async release(before, context) {
    if (before.reserved === (await readReserved(context))) return { restored: [], tasks: [] };
    const FunctionName = functionName(context);
    if (before.reserved === null) {
      await context.change.of(LambdaClient).send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    } else {
      const ReservedConcurrentExecutions = before.reserved;
      await context.change
        .of(LambdaClient)
        .send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
    }
    return { restored: [reservedText(before.reserved)], tasks: [] };
  },

  async verifyReleased(before, context) {
    const reserved = await readReserved(context);
    return {
      ok: reserved === before.reserved,
      observed: `${reservedText(reserved)}; before: ${reservedText(before.reserved)}`,
    };
  },
});

async function readReserved(context: ActionContext): Promise<number | null> {
  const { ReservedConcurrentExecutions } = await context.aws
    .of(LambdaClient)
    .send(new GetFunctionConcurrencyCommand({ FunctionName: functionName(context) }));
  return ReservedConcurrentExecutions ?? null;
}

function reservedText(reserved: number | null): string {
  return reserved === null ? 'no concurrency is reserved' : `reserved concurrency is ${reserved}`;
}
