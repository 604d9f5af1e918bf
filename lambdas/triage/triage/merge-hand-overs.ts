import type { HandOver, Incident } from '../../../lib/model/incident';
import { goesFurther } from '../../../lib/model/plan';
import { isToBeStarted, modeOf } from '../../shared/hand-over/begin-hand-overs';

/**
 * The containments of an incident that is given up, as the one that goes on hands them over. What was started for
 * either is only held; what one of them has still to start is started. Since when a target is handed over does not
 * change by it: an alert that says that the attack goes on begins anew as it would have without the merge.
 */
export function takenOver(into: Incident, from: Incident): Record<string, HandOver> {
  const containments = Object.entries(from.handOvers).filter(([, { kind }]) => kind === 'containment');
  return Object.fromEntries(
    containments.map(([key, theirs]) => {
      const mine = into.handOvers[key];
      const wanted = mine ? whichGoesOn(mine, theirs) : theirs;
      return [
        key,
        {
          ...wanted,
          // Whoever is starting one of the two right now must not take this for what was started.
          attempt: Math.max(mine?.attempt ?? 0, theirs.attempt) + 1,
          state: 'pending',
          takesOver: [...new Set([...(mine?.takesOver ?? []), from.id, ...(theirs.takesOver ?? [])])],
          onlyHolds: !isToBeStarted(wanted),
        },
      ];
    }),
  );
}

/** Which of two hand-overs of one target goes on: what nobody has started yet, else what goes further. */
function whichGoesOn(mine: HandOver, theirs: HandOver): HandOver {
  if (!mine.containment || !theirs.containment) return mine.containment ? mine : theirs;
  const [myMode, theirMode] = [modeOf(mine.containment), modeOf(theirs.containment)];
  // One that only observes gives way: it would stand in the way of what people are asked to approve.
  if (isToBeStarted(mine) && !isToBeStarted(theirs)) return myMode === 'observe' ? theirs : mine;
  if (isToBeStarted(theirs) && !isToBeStarted(mine)) return theirMode === 'observe' ? mine : theirs;
  const [goesOn, containment] = goesFurther(theirMode, myMode)
    ? [theirs, theirs.containment]
    : [mine, mine.containment];
  // It stands for both, and so for what happened last: a release, or a look, from before then settles only the first.
  const { eventAt } = mine.containment.eventAt > theirs.containment.eventAt ? mine.containment : theirs.containment;
  return { ...goesOn, containment: { ...containment, eventAt } };
}
