import type { Machine, State } from '../../lib/contain/machines/asl';

export type Handlers = Readonly<Record<string, (payload: unknown) => Promise<unknown>>>;

export interface Ran {
  /** Names of the states, in order. */
  readonly states: readonly string[];
  readonly end: 'succeeded' | 'failed' | 'killed';
  readonly data: Record<string, unknown>;
}

interface Options {
  readonly execution: string;
  /** Ends the run after so many tasks, as if somebody had stopped it. */
  readonly tasks?: number;
  /** Called before each state. */
  readonly onState?: (name: string) => Promise<void>;
}

/** Runs a definition in this process, with real handlers and without waiting: the parts of the language that we use. */
export async function runMachine(machine: Machine, handlers: Handlers, input: object, options: Options): Promise<Ran> {
  let data: Record<string, unknown> = { ...input };
  const states: string[] = [];
  let tasks = 0;
  for (let name = machine.StartAt; ;) {
    const state = machine.States[name];
    if (!state) throw new Error(`state '${name}' does not exist`);
    if (state['Type'] === 'Task' && tasks++ === options.tasks) return { states, end: 'killed', data };
    await options.onState?.(name);
    states.push(name);
    switch (state['Type']) {
      case 'Succeed':
        return { states, end: 'succeeded', data };
      case 'Fail':
        return { states, end: 'failed', data };
      case 'Wait':
        name = state['Next'] as string;
        break;
      case 'Choice':
        name = chosen(state, data);
        break;
      case 'Task':
        ({ data, name } = await task(state, handlers, data, options.execution));
        break;
      default:
        throw new Error(`this runner knows no '${String(state['Type'])}'`);
    }
  }
}

function chosen(state: State, data: Record<string, unknown>): string {
  const choices = state['Choices'] as { Variable: string; StringEquals: string; Next: string }[];
  const found = choices.find(({ Variable, StringEquals }) => at(data, Variable) === StringEquals);
  return found?.Next ?? (state['Default'] as string);
}

async function task(state: State, handlers: Handlers, data: Record<string, unknown>, execution: string) {
  const { FunctionName, Payload } = state['Parameters'] as { FunctionName: string; Payload: Record<string, unknown> };
  const handler = handlers[FunctionName];
  if (!handler) throw new Error(`no handler '${FunctionName}'`);
  const payload = Object.fromEntries(
    Object.entries(Payload).map(([key, value]) =>
      key.endsWith('.$')
        ? [key.slice(0, -2), value === '$$.Execution.Id' ? execution : at(data, String(value))]
        : [key, value],
    ),
  );
  const attempts = 1 + ((state['Retry'] as { MaxAttempts: number }[])[0]?.MaxAttempts ?? 0);
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await handler(payload);
      const path = state['ResultPath'] as string | null;
      const next = path === null ? data : { ...data, [path.slice(2)]: { answer } };
      return { data: next, name: state['Next'] as string };
    } catch (error) {
      if (attempt < attempts) continue;
      const [caught] = state['Catch'] as { Next: string }[];
      if (!caught) throw error;
      return { data: { ...data, caught: String(error) }, name: caught.Next };
    }
  }
}

function at(data: unknown, path: string): unknown {
  let here = data;
  for (const key of path
    .replace(/^\$\.?/, '')
    .split('.')
    .filter(Boolean)) {
    if (typeof here !== 'object' || here === null || !(key in here)) throw new Error(`'${path}' leads nowhere`);
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}
