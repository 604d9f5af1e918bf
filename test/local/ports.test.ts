import { expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { freePort, listen, PortTakenError } from '../../local/ports';

test('a port that is taken is named, with what to do', async () => {
  const port = await freePort();
  const first = createServer();
  await listen(first, port);

  const second = listen(createServer(), port, 'the recording proxy');

  await expect(second).rejects.toBeInstanceOf(PortTakenError);
  await expect(second).rejects.toThrow(`Port ${port}, which was asked for the recording proxy, is already in use`);
  first.close();
});
