import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { requireEnv } from './require-env';

/** Whether anything may be changed now. */
export type Brake = { readonly released: true } | { readonly released: false; readonly because: string };

export const BRAKE_RELEASED = 'released';

let ssm: SSMClient | undefined;

/**
 * Reads the brake: one parameter, asked before every changing call. Only the exact word `released` releases it;
 * a pause, an unknown value, a missing parameter and an error all hold it.
 */
export async function readBrake(): Promise<Brake> {
  const Name = requireEnv('BRAKE_PARAMETER');
  try {
    ssm ??= new SSMClient({});
    const value = (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value;
    if (value === BRAKE_RELEASED) return { released: true };
    return { released: false, because: `the brake is on: ${value ?? 'the parameter has no value'}` };
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error';
    return {
      released: false,
      because: `the brake '${Name}' could not be read (${name}); nothing is changed while it cannot`,
    };
  }
}
