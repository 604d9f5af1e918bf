/** The AWS SDK warns on every start under Node 20; nobody who answers an incident can do anything about it. */
export function silenceSdkWarning(): void {
  const emitWarning = process.emitWarning.bind(process) as (...all: unknown[]) => void;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    const text = typeof warning === 'string' ? warning : warning.message;
    if (!text.startsWith('NodeVersionSupportWarning')) emitWarning(warning, ...rest);
  };
}
