import {
  CreateDetectorCommand,
  CreatePublishingDestinationCommand,
  GuardDutyClient,
  UpdateDetectorCommand,
  UpdatePublishingDestinationCommand,
  type DestinationType,
  type DetectorFeatureConfiguration,
  type FindingPublishingFrequency,
} from '@aws-sdk/client-guardduty';
import { action, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import type { Permission } from '../../../lib/model/runbook-facts';
import { readBaseline } from '../baseline';
import { changedFeatures, detectorDifferences, lostDestinations, readDetector, type Detector } from '../state/detector';
import { staysOn } from './stays-on';
import { textAt } from '../../../lib/model/json';

type Before = { readonly baseline: Detector | null; readonly now: Detector | null };

/** A detector that was deleted is made anew: another id, and its old findings are gone. */
export const restoreDetector = action<Before>({
  id: 'restore-detector',

  async read(context) {
    const { detector } = await readBaseline(context);
    return { baseline: detector, now: await readDetector(context) };
  },

  changes({ baseline, now }) {
    if (baseline === null) return [];
    const resource = now?.id ?? baseline.id;
    const detector = now === null ? 'guardduty:CreateDetector' : 'guardduty:UpdateDetector';
    return detectorDifferences(baseline, now).map((from) => ({
      call: from.includes('publish findings to') ? 'guardduty:UpdatePublishingDestination' : detector,
      resource,
      from,
      to: 'as the baseline says',
    }));
  },

  permissions({ baseline, now }, _context, step) {
    if (step === 'release' || baseline === null) return [];
    const make: Permission = {
      actions: [...(now === null ? ['guardduty:CreateDetector'] : []), 'guardduty:CreatePublishingDestination'],
      resources: ['*'],
      why: 'these calls know no resource',
    };
    if (now === null) return [make];
    const detector = `arn:{partition}:guardduty:{region}:{account}:detector/${now.id}`;
    const destinations = Object.values(now.destinations).map(
      (destination) => `${detector}/publishingdestination/${textAt(destination, 'id') ?? '*'}`,
    );
    return [
      make,
      { actions: ['guardduty:UpdateDetector'], resources: [detector] },
      ...(destinations.length > 0
        ? [{ actions: ['guardduty:UpdatePublishingDestination'], resources: destinations }]
        : []),
    ];
  },

  async contain({ baseline }, context) {
    if (baseline === null) return;
    const now = await readDetector(context);
    if (detectorDifferences(baseline, now).length === 0) return;
    const DetectorId = now === null ? await create(context, baseline) : await update(context, baseline, now);
    const kinds = now === null ? Object.keys(baseline.destinations) : lostDestinations(baseline, now);
    for (const kind of kinds) await publish(context, DetectorId, kind as DestinationType, baseline, now);
  },

  async verify({ baseline, now: before }, context) {
    const now = await readDetector(context);
    const wrong = detectorDifferences(baseline, now);
    if (wrong.length > 0) return { ok: false, observed: wrong.join('; ') };
    if (baseline === null) return { ok: true, observed: 'the baseline has no GuardDuty detector' };
    const blind = before?.enabled === true ? '' : '; it was blind, the evidence says for how long';
    return { ok: true, observed: `GuardDuty detector ${now?.id ?? ''} is enabled as the baseline says${blind}` };
  },

  ...staysOn('GuardDuty'),
});

function settings(baseline: Detector, names: readonly string[]) {
  return {
    Enable: baseline.enabled,
    ...(baseline.frequency !== null && {
      FindingPublishingFrequency: baseline.frequency as FindingPublishingFrequency,
    }),
    ...(names.length > 0 && { Features: names.map((name) => feature(baseline, name)) }),
  };
}

function feature(baseline: Detector, Name: string): DetectorFeatureConfiguration {
  const { Status, more } = baseline.features[Name] as { Status: string; more: Record<string, string> };
  const AdditionalConfiguration = Object.entries(more).map(([name, status]) => ({ Name: name, Status: status }));
  return {
    Name,
    Status,
    ...(AdditionalConfiguration.length > 0 && { AdditionalConfiguration }),
  } as DetectorFeatureConfiguration;
}

async function create(context: ChangeContext, baseline: Detector): Promise<string> {
  const { DetectorId } = await context.change.of(GuardDutyClient).send(
    new CreateDetectorCommand({
      ...settings(baseline, Object.keys(baseline.features)),
      // Made twice, as after a lost answer, it is one.
      ClientToken: `${context.containmentId}-${context.generation}`.slice(0, 64),
    }),
  );
  if (DetectorId === undefined) throw new Error('GuardDuty gave no id for the new detector');
  return DetectorId;
}

async function update(context: ChangeContext, baseline: Detector, now: Detector): Promise<string> {
  await context.change
    .of(GuardDutyClient)
    .send(new UpdateDetectorCommand({ DetectorId: now.id, ...settings(baseline, changedFeatures(baseline, now)) }));
  return now.id;
}

async function publish(
  context: ChangeContext,
  DetectorId: string,
  DestinationType: DestinationType,
  baseline: Detector,
  now: Detector | null,
): Promise<void> {
  const known = baseline.destinations[DestinationType];
  const DestinationProperties = {
    DestinationArn: textAt(known, 'arn') ?? '',
    ...(typeof known?.['key'] === 'string' && { KmsKeyArn: known['key'] }),
  };
  const DestinationId = now?.destinations[DestinationType]?.['id'];
  const guardDuty = context.change.of(GuardDutyClient);
  await (typeof DestinationId === 'string'
    ? guardDuty.send(new UpdatePublishingDestinationCommand({ DetectorId, DestinationId, DestinationProperties }))
    : guardDuty.send(new CreatePublishingDestinationCommand({ DetectorId, DestinationType, DestinationProperties })));
}
