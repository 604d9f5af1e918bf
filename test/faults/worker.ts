// One Lambda function in a process of its own, as on AWS: it can be killed, and its environment is what was deployed.
import './fast-clock';
import { loadCode } from './load-code';

interface Ask {
  readonly id: number;
  /** Stands in the caller's name of every call that this invocation makes. */
  readonly label: string;
  readonly payload: unknown;
}

const [, , code, name] = process.argv;
if (code === undefined || name === undefined || process.send === undefined) {
  throw new Error('usage: fork(worker, [folder of the code, name of the handler])');
}
const answer = process.send.bind(process);

const loaded = loadCode(code);
const handlers = loaded.exports as Record<string, (event: unknown) => Promise<unknown>>;
const handler = handlers[name] ?? (() => Promise.reject(new Error(`${code} exports no '${name}'`)));
// What a function logs of faults that were injected tells nobody anything.
console.log = console.error = console.warn = () => undefined;

process.on('message', (ask: Ask) => {
  // The SDK reads it at each call, and local/proxy finds the caller in it.
  process.env['AWS_EXECUTION_ENV'] = `AWS_Lambda_nodejs~${ask.label}~${process.pid}`;
  void invoke(ask);
});

async function invoke({ id, payload }: Ask): Promise<void> {
  try {
    answer({ id, value: await handler(payload) });
    loaded.keep();
  } catch (error) {
    answer({ id, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
}
