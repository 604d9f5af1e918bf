import type { JsonObject } from '../../../lib/model/json';

/** The Sigma `service` of a log group with VPC flow logs. */
export const VPC_FLOW = 'vpcflow';

/** Fields of the default format (VPC user guide, "Flow log records", version 2), in their order. */
const FIELDS = [
  ...['version', 'account-id', 'interface-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'],
  ...['packets', 'bytes', 'start', 'end', 'action', 'log-status'],
];

/** A line of a VPC flow log in the default format; undefined for any other line. `-` is a field that is not there. */
export function flowLogRecord(line: string): JsonObject | undefined {
  const values = line.trim().split(' ');
  if (values.length !== FIELDS.length || !/^\d{1,2}$/.test(values[0] ?? '')) return undefined;
  return Object.fromEntries(
    FIELDS.flatMap((field, index) => {
      const value = values[index] ?? '-';
      if (value === '-') return [];
      return [[field, field !== 'account-id' && /^\d{1,15}$/.test(value) ? Number(value) : value]];
    }),
  );
}
