import { detectorDifferences, readDetector, suppressionDifferences, type Detector } from './detector';
import { readRecorder, recorderDifferences, type Recorder } from './recorder';
import { readTrails, trailDifferences, type Trails } from './trails';
import type { Where } from './where';

/** The logging of an account in one Region. */
export type Logging = {
  readonly trails: Trails;
  readonly recorder: Recorder;
  readonly detector: Detector | null;
};

export async function readLogging(where: Where): Promise<Logging> {
  return {
    trails: await readTrails(where),
    recorder: await readRecorder(where),
    detector: await readDetector(where),
  };
}

/** Everything in which logging sees less than the baseline, or otherwise. What is new besides is no loss. */
export function losses(baseline: Logging, now: Logging): string[] {
  return [
    ...trailDifferences(baseline.trails, now.trails),
    ...recorderDifferences(baseline.recorder, now.recorder),
    ...detectorDifferences(baseline.detector, now.detector),
    ...suppressionDifferences(baseline.detector, now.detector),
  ];
}

/** Why this must not become a baseline, whatever was there before; empty where it is healthy. */
export function ailments({ trails, recorder, detector }: Logging): string[] {
  const all = [...trails.here.map(({ arn, status }) => ({ arn, status })), ...trails.distant];
  return [
    ...(all.some(({ status }) => status.logging) ? [] : ['no trail logs']),
    ...trails.here.filter(({ status }) => !status.logging).map(({ name }) => `trail '${name}' does not log`),
    ...trails.here.flatMap(({ name, status }) =>
      status.error === null ? [] : [`trail '${name}' cannot deliver: ${status.error}`],
    ),
    ...(recorder.recorder !== null && !recorder.recording ? ['the configuration recorder does not record'] : []),
    ...(recorder.error === null ? [] : [`the configuration recorder fails: ${recorder.error}`]),
    ...(detector !== null && !detector.enabled ? ['the GuardDuty detector is disabled'] : []),
  ];
}
