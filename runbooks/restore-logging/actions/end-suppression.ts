import {
  GuardDutyClient,
  UpdateFilterCommand,
  UpdateIPSetCommand,
  type FindingCriteria,
} from '@aws-sdk/client-guardduty';
import { action } from '../../../lambdas/contain/runbook-host/action';
import { readBaseline } from '../baseline';
import { newSuppression, newTrust, readDetector, suppressionDifferences, type Detector } from '../state/detector';
import { textAt } from '../../../lib/model/json';

type Before = { readonly baseline: Detector | null; readonly now: Detector | null };

/** Switched off, never deleted: each is evidence, and may be somebody's honest work. */
export const endSuppression = action<Before>({
  id: 'end-suppression',

  async read(context) {
    const { detector } = await readBaseline(context);
    return { baseline: detector, now: await readDetector(context) };
  },

  changes({ baseline, now }) {
    if (now === null) return [];
    return [
      ...newSuppression(baseline, now).map((name) => ({
        call: 'guardduty:UpdateFilter',
        resource: name,
        from: `archives ${JSON.stringify(now.suppression[name])}`,
        to: baseline?.suppression[name] ? 'as the baseline says' : 'archives nothing',
      })),
      ...newTrust(baseline, now).map((id) => ({
        call: 'guardduty:UpdateIPSet',
        resource: id,
        from: `active: ${textAt(now.trusted[id], 'location') ?? ''}`,
        to: 'inactive',
      })),
    ];
  },

  permissions({ baseline, now }, _context, step) {
    if (step === 'release' || now === null) return [];
    const detector = `arn:{partition}:guardduty:{region}:{account}:detector/${now.id}`;
    const filters = newSuppression(baseline, now).map((name) => `${detector}/filter/${name}`);
    const lists = newTrust(baseline, now).map((id) => `${detector}/ipset/${id}`);
    return [
      ...(filters.length > 0 ? [{ actions: ['guardduty:UpdateFilter'], resources: filters }] : []),
      ...(lists.length > 0 ? [{ actions: ['guardduty:UpdateIPSet'], resources: lists }] : []),
    ];
  },

  async contain({ baseline }, context) {
    const now = await readDetector(context);
    if (now === null) return;
    const guardDuty = context.change.of(GuardDutyClient);
    for (const FilterName of newSuppression(baseline, now)) {
      const known = baseline?.suppression[FilterName]?.['criteria'];
      await guardDuty.send(
        new UpdateFilterCommand({
          DetectorId: now.id,
          FilterName,
          ...(known === undefined
            ? { Action: 'NOOP' }
            : { Action: 'ARCHIVE', FindingCriteria: known as FindingCriteria }),
        }),
      );
    }
    for (const IpSetId of newTrust(baseline, now)) {
      await guardDuty.send(new UpdateIPSetCommand({ DetectorId: now.id, IpSetId, Activate: false }));
    }
  },

  async verify({ baseline }, context) {
    const wrong = suppressionDifferences(baseline, await readDetector(context));
    return wrong.length === 0
      ? { ok: true, observed: 'no filter and no list hides findings that the baseline does not know' }
      : { ok: false, observed: wrong.join('; ') };
  },

  release({ baseline, now }) {
    const changed =
      now === null
        ? []
        : [
            ...newSuppression(baseline, now).map((name) => `suppression filter '${name}'`),
            ...newTrust(baseline, now).map((id) => `trusted IP list '${textAt(now.trusted[id], 'name') ?? id}'`),
          ];
    const tasks =
      changed.length === 0
        ? []
        : [`Look at ${changed.join(', ')}: set again what is yours, and accept the baseline anew.`];
    return Promise.resolve({ restored: [], tasks });
  },

  verifyReleased: () =>
    Promise.resolve({ ok: true, observed: 'what was switched off stays so until a person decides' }),
});
