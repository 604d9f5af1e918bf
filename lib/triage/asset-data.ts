import type { AssetGroup as AssetGroupData } from '../model/criticality';
import { Criticality, type AssetGroup } from './asset-group';

/**
 * What triage reads of them.
 *
 * @throws Error that lists everything that is wrong.
 */
export function assetData(groups: readonly AssetGroup[]): AssetGroupData[] {
  const problems = groups.flatMap((group) => check(group, groups));
  if (problems.length > 0) throw new Error(`the groups of assets cannot be used:\n- ${problems.join('\n- ')}`);
  return groups.map(({ name, criticality, accounts, resources, data }) => ({
    name,
    criticality,
    accounts,
    resources,
    data,
  }));
}

function check({ name, criticality, accounts, resources }: AssetGroup, all: readonly AssetGroup[]): string[] {
  const problems: string[] = [];
  if (all.filter((other) => other.name === name).length > 1) problems.push(`two groups are named '${name}'`);
  if ((accounts ?? []).length + (resources ?? []).length === 0) {
    problems.push(`'${name}' holds nothing; give it 'accounts' or 'resources'`);
  }
  if (criticality === Criticality.LOW && (resources ?? []).length > 0) {
    problems.push(
      `'${name}' lowers the impact by the names in 'resources', which an attacker can choose; name accounts instead`,
    );
  }
  return problems;
}
