/** Denies everything, unconditionally: it binds access keys, the console and sessions that were derived before. */
export const QUARANTINE_DOCUMENT = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'FirebreakQuarantine', Effect: 'Deny', Action: '*', Resource: '*' }],
};

/** Name of the inline policy; part of undo records, so it never changes. */
export const QUARANTINE_POLICY_NAME = 'FirebreakQuarantine';
