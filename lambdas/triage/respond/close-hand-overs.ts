import type { HandOver, Incident } from '../../../lib/model/incident';

/**
 * The hand-overs of an incident that a person closes: nothing is started for it any more. What was started before stays
 * listed, so that what is in place is seen, and so that news that opens the incident again counts on from there: the
 * name of an execution is used once.
 */
export function closedHandOvers(handOvers: Incident['handOvers']): Incident['handOvers'] {
  return Object.fromEntries(
    Object.entries(handOvers).flatMap(([key, handOver]) => {
      const left = whatIsLeft(handOver);
      return left ? [[key, left]] : [];
    }),
  );
}

function whatIsLeft(handOver: HandOver): HandOver | undefined {
  if (handOver.state === 'started') return handOver;
  switch (handOver.kind) {
    case 'escalation':
      return { ...handOver, state: 'started' };
    case 'containment':
      // What an incident held that was merged into this one is released with this one.
      if (handOver.takesOver) return { ...handOver, onlyHolds: true };
      // An attempt after the first one: its target was handed over before.
      return handOver.attempt > 1 ? { ...handOver, state: 'started' } : undefined;
  }
}
