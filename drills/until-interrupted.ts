const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Runs `work`, and `end` after it whatever became of it. On Ctrl-C (and when it is told to end) `end` runs too, and
 * then this process ends with the shell's exit code for that signal.
 */
export async function untilInterrupted<T>(
  work: () => Promise<T>,
  end: (interrupted: boolean) => Promise<void>,
): Promise<T> {
  let ended: Promise<void> | undefined;
  const endOnce = (interrupted: boolean): Promise<void> => (ended ??= end(interrupted));
  const listeners = Object.entries(SIGNALS).map(([signal, code]) => {
    const listener = (): void => {
      // A second Ctrl-C does not wait: the servers watch this process, and end with it.
      if (ended) process.exit(code);
      void endOnce(true).finally(() => process.exit(code));
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  try {
    return await work();
  } finally {
    await endOnce(false);
    for (const { signal, listener } of listeners) process.off(signal, listener);
  }
}
