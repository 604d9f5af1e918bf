/** An event pattern has 2,048 characters at most (EventBridge quotas). What is listed in one may take so many of them. */
const LISTED = 1_500;
/** Characters of the ARN of a state machine, at most. */
export const MACHINE_ARN = 150;

/** As many to a group as may be listed in one pattern, with the number of each group, which the first does not have. */
export function inGroups<T>(all: readonly T[], sizeOf: (one: T) => number): [string, T[]][] {
  const groups: T[][] = [];
  let room = 0;
  for (const one of all) {
    if (groups.length === 0 || sizeOf(one) > room) {
      groups.push([]);
      room = LISTED;
    }
    groups.at(-1)?.push(one);
    room -= sizeOf(one);
  }
  return groups.map((group, index) => [index === 0 ? '' : String(index + 1), group]);
}
