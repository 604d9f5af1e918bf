import type { Patient } from './check';
import { deployedLevels, numbersOf } from './levels';
import { subscriptionsOf } from './subscriptions';

/** Every phone number that is paged or alarmed by text message: in the levels of the chains, and subscribed to topics. */
export async function pagedNumbers(patient: Patient): Promise<string[]> {
  const levels = await deployedLevels(patient);
  const topics = patient.stack.list('FirebreakTopics');
  const subscribed = (await Promise.all(topics.map((topic) => subscriptionsOf(patient, topic)))).flat();
  const alarmed = subscribed.flatMap(({ Protocol, Endpoint }) =>
    Protocol === 'sms' && Endpoint !== undefined ? [Endpoint] : [],
  );
  return [...new Set([...levels.flatMap(({ level }) => numbersOf(level)), ...alarmed])];
}
