import type { Change } from './action';

export function changeText(change: Change): string {
  return `${change.call} ${change.resource}: ${change.from} → ${change.to}`;
}
