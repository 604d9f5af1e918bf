import { Duration } from 'aws-cdk-lib';

/** Triage may take this long for a batch; SQS asks for a visibility time-out of six times that. */
export const TRIAGE_TIMEOUT = Duration.seconds(60);
