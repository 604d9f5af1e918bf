import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { JsonObject } from '../../../lib/model/json';
import { isNamed } from '../aws-error';

let client: SFNClient | undefined;

export function stepFunctions(): SFNClient {
  return (client ??= new SFNClient({}));
}

/** What became of an attempt to start. */
export type Start =
  | { readonly kind: 'started'; readonly executionArn: string }
  /** An execution of this name is there already, and this is how it stands. */
  | { readonly kind: 'exists'; readonly executionArn: string; readonly status: string };

/** Starts an execution under a deterministic name, and looks up the one that has the name already. */
export async function startExecution(machineArn: string, name: string, input: JsonObject): Promise<Start> {
  try {
    const { executionArn } = await stepFunctions().send(
      new StartExecutionCommand({ stateMachineArn: machineArn, name, input: JSON.stringify(input) }),
    );
    return { kind: 'started', executionArn: executionArn ?? executionArnOf(machineArn, name) };
  } catch (error) {
    if (!isNamed(error, 'ExecutionAlreadyExists')) throw error;
    const executionArn = executionArnOf(machineArn, name);
    return { kind: 'exists', executionArn, status: await executionStatus(executionArn) };
  }
}

/** `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`, `PENDING_REDRIVE`, or `UNKNOWN` where AWS forgot it. */
export async function executionStatus(executionArn: string): Promise<string> {
  try {
    return (await stepFunctions().send(new DescribeExecutionCommand({ executionArn }))).status ?? 'UNKNOWN';
  } catch (error) {
    if (isNamed(error, 'ExecutionDoesNotExist')) return 'UNKNOWN';
    throw error;
  }
}

/** Of an execution that is there, or would be. */
export function executionArnOf(machineArn: string, name: string): string {
  return `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}
