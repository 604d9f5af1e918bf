import type { Context } from './roles';

/** Of the embedded AWS. */
export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

/** Resource, context, and the action where it is another one than the call's. */
export type Asked = readonly [resource: string, context?: Context, action?: string];

/** With the credentials of which run a call was made. */
export type Step = 'Contain' | 'Release';
