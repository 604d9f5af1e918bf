import type { Permission } from '../../../lib/model/runbook-facts';

/**
 * Spreads statements over several sessions where they do not fit into one. What is spread is the longest list of resources of one
 * kind, e.g. the network interfaces of a big instance: one call is about one of them. Everything else stands in each session,
 * because a call may be asked about for the interface, the instance and the group at once.
 *
 * @returns undefined where even that does not fit.
 */
export function batches(
  statements: readonly Permission[],
  fits: (statements: readonly Permission[]) => boolean,
): (readonly Permission[])[] | undefined {
  if (fits(statements)) return [statements];
  const longest = longestList(statements);
  if (!longest) return undefined;
  const { statement, list } = longest;
  const kept = statement.resources.filter((resource) => !list.includes(resource));
  const rest = [
    ...statements.filter((other) => other !== statement),
    ...(kept.length > 0 ? [{ ...statement, resources: kept }] : []),
  ];
  const made: (readonly Permission[])[] = [];
  let some: string[] = [];
  const withSome = (resources: readonly string[]) => [...rest, { ...statement, resources }];
  for (const resource of list) {
    if (fits(withSome([...some, resource]))) {
      some.push(resource);
    } else if (some.length === 0) {
      return undefined;
    } else {
      made.push(withSome(some));
      some = [resource];
      if (!fits(withSome(some))) return undefined;
    }
  }
  return [...made, withSome(some)];
}

function longestList(statements: readonly Permission[]) {
  const lists = statements.flatMap((statement) =>
    [...new Set(statement.resources.map(kindOf))].map((kind) => {
      const list = statement.resources.filter((resource) => kindOf(resource) === kind);
      return { statement, list, length: list.join('').length };
    }),
  );
  return lists.filter(({ list }) => list.length > 1).sort((one, other) => other.length - one.length)[0];
}

/** `arn:aws:ec2:eu-central-1:111122223333:network-interface` of an interface's ARN. */
function kindOf(arn: string): string {
  return arn.split('/')[0] ?? arn;
}
