import { Duration } from 'aws-cdk-lib';

const SILENCE = { min: Duration.minutes(15), max: Duration.days(7) };

/** @throws Error where whoever acknowledged would be looked after too soon or too late. */
export function checkSilence(chain: string, silence: Duration | undefined): Duration | undefined {
  if (!silence || silence.isUnresolved()) return silence;
  const seconds = silence.toSeconds();
  if (seconds >= SILENCE.min.toSeconds() && seconds <= SILENCE.max.toSeconds()) return silence;
  throw new Error(
    `'voidAfterSilence' of escalation chain '${chain}' must be 15 minutes to 7 days, got ${silence.toHumanString()}; ` +
      'shorter, and people write notes instead of responding',
  );
}
