import { AwsClients, type ClientConfig } from '../../shared/aws-clients';
import { isDenied } from './denied';

/**
 * The clients of a run whose policy did not fit into one session: each call is made with the first session that allows it. A
 * call that is denied has changed nothing, so that the next session may make it.
 */
export class SessionClients extends AwsClients {
  readonly #sessions: readonly AwsClients[];

  constructor(region: string, sessions: readonly AwsClients[]) {
    super(region, () => Promise.reject(new Error('a call of a run went past its sessions')));
    this.#sessions = sessions;
  }

  override of<Client>(Kind: new (config: ClientConfig) => Client): Client {
    return firstAllowed(this.#sessions.map((session) => session.of(Kind)));
  }

  override once<Client>(Kind: new (config: ClientConfig) => Client): Client {
    return firstAllowed(this.#sessions.map((session) => session.once(Kind)));
  }
}

type Send = (command: unknown, options?: unknown) => Promise<unknown>;

function firstAllowed<Client>(clients: readonly Client[]): Client {
  const [first] = clients;
  if (first === undefined) throw new Error('a run has no session');
  if (clients.length === 1) return first;
  return new Proxy(first as object, {
    get(target, name) {
      if (name !== 'send') return Reflect.get(target, name) as unknown;
      return async (command: unknown, options?: unknown) => {
        for (const client of clients.slice(0, -1)) {
          try {
            return await (client as { send: Send }).send(command, options);
          } catch (error) {
            if (!isDenied(error)) throw error;
          }
        }
        return (clients.at(-1) as { send: Send }).send(command, options);
      };
    },
  }) as Client;
}
