import { createServer, type Server } from 'node:net';

const LOOPBACK = '127.0.0.1';

export class PortTakenError extends Error {
  constructor(
    readonly port: number,
    what: string,
  ) {
    super(
      `Port ${port}, which was asked for ${what}, is already in use on ${LOOPBACK}; ` +
        'stop what listens there, choose another port, or leave it out and a free one is taken',
    );
    this.name = 'PortTakenError';
  }
}

/**
 * A port that was free a moment ago. Somebody else may take it before we do, so who uses this must be ready to
 * try again: see `startServer`.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  await listen(server, 0);
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error(`no port on ${LOOPBACK} was given out`);
  return address.port;
}

/** Listens on the loopback interface only. Port 0 lets the system choose, which cannot collide. */
export function listen(server: Server, port: number, what = 'the embedded AWS'): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTakenError(port, what) : error);
    });
    server.listen(port, LOOPBACK, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}
