import { sweepHandler } from './sweep';

/** Looks for what a contained actor created or changed. */
export const handler = sweepHandler();
