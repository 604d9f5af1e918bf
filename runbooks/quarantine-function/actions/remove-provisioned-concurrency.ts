import {
  DeleteProvisionedConcurrencyConfigCommand,
  LambdaClient,
  ListProvisionedConcurrencyConfigsCommand,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { action, type ActionContext } from '../../../lambdas/contain/runbook-host/action';
import { isNamed } from '../../../lambdas/shared/aws-error';
import { beyondText, noteBeyond, REMOVED_LATER } from './beyond-record';
import { allPages, functionName, qualifierOf, qualifiers, readFunction } from './function';

type Provisioned = { readonly qualifier: string; readonly executions: number };
type Before = { readonly provisioned: Provisioned[] };

/**
 * Environments that are kept warm count against reserved concurrency, and cost money while nothing may run. Taken away
 * first, so that no quota is left in the way of zero.
 */
export const removeProvisionedConcurrency = action<Before>({
  id: 'remove-provisioned-concurrency',

  async read(context) {
    await readFunction(context);
    return { provisioned: await list(context) };
  },

  changes(before, { target }) {
    return before.provisioned.map(({ qualifier, executions }) => ({
      call: 'lambda:DeleteProvisionedConcurrencyConfig',
      resource: `${target.id}:${qualifier}`,
      from: `${executions} environment(s) kept warm`,
      to: 'none kept warm',
    }));
  },

  permissions(before, { target }, step) {
    if (before.provisioned.length === 0) return [];
    const call = step === 'contain' ? 'Delete' : 'Put';
    return [
      {
        actions: [`lambda:${call}ProvisionedConcurrencyConfig`],
        resources: before.provisioned.map(({ qualifier }) => `${target.id}:${qualifier}`),
      },
    ];
  },

  async contain(before, context) {
    const FunctionName = functionName(context);
    for (const { qualifier: Qualifier, executions } of await list(context)) {
      const known = before.provisioned.some((was) => was.qualifier === Qualifier && was.executions === executions);
      if (!known) noteBeyond(before, `'${Qualifier}'`, `it kept ${executions} environment(s) warm`);
      try {
        await context.change
          .of(LambdaClient)
          .send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
      } catch (error) {
        // Gone is what was wanted; reading back tells whether it is.
        if (!isNamed(error, 'ProvisionedConcurrencyConfigNotFoundException', 'ResourceNotFoundException')) throw error;
      }
    }
  },

  async verify(before, context) {
    const left = await list(context);
    if (left.length === 0) return { ok: true, observed: `no environment is kept warm${beyondText(before)}` };
    return { ok: false, observed: `still kept warm: ${left.map(({ qualifier }) => qualifier).join(', ')}` };
  },

  async release(before, context) {
    const FunctionName = functionName(context);
    const now = await list(context);
    const there = before.provisioned.length === 0 ? [] : await qualifiers(context);
    const restored: string[] = [];
    const tasks: string[] = [];
    for (const { qualifier: Qualifier, executions } of before.provisioned) {
      if (now.some(({ qualifier }) => qualifier === Qualifier)) continue;
      if (!there.includes(Qualifier)) {
        tasks.push(
          `'${Qualifier}' of ${FunctionName} was deleted meanwhile; it kept ${executions} environment(s) warm.`,
        );
        continue;
      }
      await context.change.of(LambdaClient).send(
        new PutProvisionedConcurrencyConfigCommand({
          FunctionName,
          Qualifier,
          ProvisionedConcurrentExecutions: executions,
        }),
      );
      restored.push(`'${Qualifier}' keeps ${executions} environment(s) warm again`);
    }
    return { restored, tasks };
  },

  async verifyReleased(before, context) {
    const now = await list(context);
    const there = before.provisioned.length === 0 ? [] : await qualifiers(context);
    const missing = before.provisioned.filter(
      (was) => there.includes(was.qualifier) && !now.some(({ qualifier }) => qualifier === was.qualifier),
    );
    if (missing.length === 0) {
      return { ok: true, observed: `provisioned concurrency is as it was written down; ${REMOVED_LATER}` };
    }
    return { ok: false, observed: `not kept warm again: ${missing.map(({ qualifier }) => qualifier).join(', ')}` };
  },
});

async function list(context: ActionContext): Promise<Provisioned[]> {
  const FunctionName = functionName(context);
  const configs = await allPages(
    (Marker) =>
      context.aws.of(LambdaClient).send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName, Marker })),
    (page) => page.ProvisionedConcurrencyConfigs,
  );
  return configs.flatMap(({ FunctionArn, RequestedProvisionedConcurrentExecutions: executions }) => {
    const qualifier = qualifierOf(FunctionArn ?? '');
    return qualifier === undefined || executions === undefined ? [] : [{ qualifier, executions }];
  });
}
