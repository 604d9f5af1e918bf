import { Duration } from 'aws-cdk-lib';

/** `90s`, `5m`, `2h`, `30d` as the schema lets them through. */
export function parseDuration(text: string): Duration {
  const amount = Number(text.slice(0, -1));
  switch (text.slice(-1)) {
    case 's':
      return Duration.seconds(amount);
    case 'm':
      return Duration.minutes(amount);
    case 'h':
      return Duration.hours(amount);
    case 'd':
      return Duration.days(amount);
    default:
      throw new Error(`'${text}' is not a duration; write a whole number and 's', 'm', 'h' or 'd'`);
  }
}
