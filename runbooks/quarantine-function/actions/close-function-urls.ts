import {
  LambdaClient,
  ListFunctionUrlConfigsCommand,
  UpdateFunctionUrlConfigCommand,
  type FunctionUrlAuthType,
} from '@aws-sdk/client-lambda';
import { action, type ActionContext, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import { beyondText, noteBeyond } from './beyond-record';
import { allPages, functionName, qualifierOf, readFunction } from './function';

type Url = { readonly qualifier: string | null; readonly url: string; readonly auth: FunctionUrlAuthType };
type Before = { readonly urls: Url[] };

/**
 * A URL that is deleted is gone for good, with its address. Asking for signed requests instead keeps it, and keeps the
 * public out even after the concurrency is given back.
 */
export const closeFunctionUrls = action<Before>({
  id: 'close-function-urls',

  async read(context) {
    await readFunction(context);
    return { urls: await list(context) };
  },

  changes(before) {
    return open(before.urls).map(({ url }) => ({
      call: 'lambda:UpdateFunctionUrlConfig',
      resource: url,
      from: 'open to anybody',
      to: 'signed requests only',
    }));
  },

  permissions(before, { target }, step) {
    const urls = open(before.urls);
    if (urls.length === 0) return [];
    return [
      {
        actions: ['lambda:UpdateFunctionUrlConfig'],
        resources: [
          target.id,
          ...urls.flatMap(({ qualifier }) => (qualifier === null ? [] : [`${target.id}:${qualifier}`])),
        ],
        conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': step === 'contain' ? 'AWS_IAM' : 'NONE' } },
      },
    ];
  },

  async contain(before, context) {
    // As they are now: one may have been made, or opened, since the state was written down.
    for (const now of open(await list(context))) {
      if (!open(before.urls).some(({ url }) => url === now.url)) noteBeyond(before, now.url, 'it was open to anybody');
      await set(context, now, 'AWS_IAM');
    }
  },

  async verify(before, context) {
    const urls = await list(context);
    const left = open(urls);
    if (left.length > 0) return { ok: false, observed: `open to anybody: ${left.map(({ url }) => url).join(', ')}` };
    const observed = urls.length === 0 ? 'there is no function URL' : 'function URLs take signed requests only';
    return { ok: true, observed: `${observed}${beyondText(before)}` };
  },

  async release(before, context) {
    const now = await list(context);
    const restored: string[] = [];
    const tasks: string[] = [];
    for (const was of open(before.urls)) {
      const current = now.find(({ url }) => url === was.url);
      if (!current) tasks.push(`The function URL ${was.url} was deleted meanwhile; its address cannot be had again.`);
      if (!current || current.auth === was.auth) continue;
      await set(context, was, was.auth);
      restored.push(`${was.url} is open to anybody again`);
    }
    for (const { url, qualifier } of signedLater(before, now)) {
      const which = `${functionName(context)}${qualifier === null ? '' : ` --qualifier ${qualifier}`}`;
      tasks.push(
        `The function URL ${url} was made after the state was written down; it takes signed requests only, and stays so. If it is to be open to anybody: aws lambda update-function-url-config --function-name ${which} --auth-type NONE`,
      );
    }
    return { restored, tasks };
  },

  async verifyReleased(before, context) {
    const now = await list(context);
    const left = open(before.urls).filter((was) => now.some(({ url, auth }) => url === was.url && auth !== was.auth));
    if (left.length > 0) return { ok: false, observed: `not as before: ${left.map(({ url }) => url).join(', ')}` };
    const later = signedLater(before, now).map(({ url }) => url);
    const rest = later.length === 0 ? '' : `; made since, and for signed requests only: ${later.join(', ')}`;
    return { ok: true, observed: `function URLs are as before${rest}` };
  },
});

/** Whose record says nothing: closed by the containment, which closes what is made meanwhile, or made so by somebody. */
function signedLater({ urls }: Before, now: readonly Url[]): Url[] {
  return now.filter(({ url, auth }) => auth !== 'NONE' && !urls.some((was) => was.url === url));
}

function open(urls: readonly Url[]): Url[] {
  return urls.filter(({ auth }) => auth === 'NONE');
}

async function list(context: ActionContext): Promise<Url[]> {
  const FunctionName = functionName(context);
  const found = await allPages(
    (Marker) => context.aws.of(LambdaClient).send(new ListFunctionUrlConfigsCommand({ FunctionName, Marker })),
    (page) => page.FunctionUrlConfigs,
  );
  return found.map(({ FunctionArn, FunctionUrl, AuthType }) => ({
    qualifier: qualifierOf(FunctionArn ?? '') ?? null,
    url: FunctionUrl ?? '',
    auth: AuthType ?? 'NONE',
  }));
}

async function set(context: ChangeContext, { qualifier }: Url, AuthType: FunctionUrlAuthType): Promise<void> {
  await context.change.of(LambdaClient).send(
    new UpdateFunctionUrlConfigCommand({
      FunctionName: functionName(context),
      AuthType,
      ...(qualifier !== null && { Qualifier: qualifier }),
    }),
  );
}
