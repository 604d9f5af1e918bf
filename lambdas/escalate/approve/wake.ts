import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { errorText } from '../../shared/aws-error';

let lambda: LambdaClient | undefined;

/**
 * Asks the reconciler to start at once what was decided; it would by itself within a minute. What the internet reaches
 * may ask for that, and start nothing by itself.
 */
export async function wake(): Promise<void> {
  const FunctionName = process.env['RECONCILER_FUNCTION'];
  if (FunctionName === undefined || FunctionName === '') return;
  try {
    lambda ??= new LambdaClient({});
    await lambda.send(
      new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify({ graceSeconds: 0 }) }),
    );
  } catch (error) {
    console.error({ message: 'left to the next run of the reconciler', error: errorText(error) });
  }
}
