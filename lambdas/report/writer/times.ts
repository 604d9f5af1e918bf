import type { Report } from './report';
import { span } from './time-text';

/** One of the times that people ask for, with what it is measured from. */
export interface ReportedTime {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

/** The times of a report, in the order in which they happen; what has not happened says so. */
export function reportTimes({ timings, containments }: Report): ReportedTime[] {
  const time = (name: string, ms: number | null, meaning: string, missing = '–'): ReportedTime => ({
    name,
    value: ms === null ? missing : span(ms),
    meaning: ms !== null && ms < 0 ? `${meaning}; negative, so two clocks disagree` : meaning,
  });
  const { delivery_ms: delivery, own_ms: own } = timings;
  const parts =
    delivery === null || own === null
      ? ''
      : `; its delivery by the log service took ${span(delivery)}, our own part ${span(own)}`;
  return [
    time('Detected', timings.detect_ms, `first event to first alert${parts}`),
    time(
      'Contained',
      timings.contain_ms,
      'first alert to everything applied and read back',
      containments.length === 0 ? '–' : 'not proven',
    ),
    time('Acknowledged', timings.acknowledge_ms, 'first alert to a person’s answer', 'not yet'),
    time('Dwell', timings.dwell_ms, 'first event to contained: the attacker’s time'),
    time('Held', timings.held_ms, 'first alert to the end of the watch'),
    ...(timings.recover_ms === null
      ? []
      : [time('Released', timings.recover_ms, 'first alert to the release, read back')]),
    time('Closed', timings.close_ms, 'first alert to closed', 'open'),
  ];
}
