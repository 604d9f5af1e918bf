import {
  ConfigServiceClient,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
  type ConfigurationRecorder,
  type DeliveryChannel,
} from '@aws-sdk/client-config-service';
import { action } from '../../../lambdas/contain/runbook-host/action';
import type { Permission } from '../../../lib/model/runbook-facts';
import { readBaseline } from '../baseline';
import { readRecorder, recorderDifferences, type Recorder } from '../state/recorder';
import { same } from '../state/trails';
import { blindText, staysOn } from './stays-on';
import { textAt } from '../../../lib/model/json';

type Before = { readonly baseline: Recorder; readonly now: Recorder };

/** Recorder, then channel, then start: AWS Config takes them in no other order. */
export const restoreRecorder = action<Before>({
  id: 'restore-recorder',

  async read(context) {
    const { recorder } = await readBaseline(context);
    return { baseline: recorder, now: await readRecorder(context) };
  },

  changes({ baseline, now }) {
    const resource = nameOf(baseline);
    const change = (call: string, from: unknown, to: unknown) => ({
      call: `config:${call}`,
      resource,
      from: typeof from === 'string' ? from : JSON.stringify(from),
      to: typeof to === 'string' ? to : JSON.stringify(to),
    });
    const starts = baseline.recording && !now.recording;
    return [
      ...(mustPut(baseline.recorder, now.recorder)
        ? [change('PutConfigurationRecorder', now.recorder, baseline.recorder)]
        : []),
      ...(mustPut(baseline.channel, now.channel) ? [change('PutDeliveryChannel', now.channel, baseline.channel)] : []),
      ...(starts ? [change('StartConfigurationRecorder', 'does not record', 'records')] : []),
    ];
  },

  permissions({ baseline, now }, _context, step) {
    if (step === 'release' || baseline.recorder === null) return [];
    // The id in the ARN of one that is made anew is AWS's to give.
    const recorder: Permission = {
      actions: ['config:PutConfigurationRecorder', 'config:StartConfigurationRecorder'],
      resources: [`arn:{partition}:config:{region}:{account}:configuration-recorder/${nameOf(baseline)}/*`],
      why: 'AWS gives a recorder its id',
    };
    const channel: Permission = {
      actions: ['config:PutDeliveryChannel'],
      resources: ['*'],
      why: 'PutDeliveryChannel knows no resource',
    };
    const role = textAt(baseline.recorder, 'roleARN') ?? '';
    const pass: Permission = {
      actions: ['iam:PassRole'],
      resources: [role],
      conditions: { StringEquals: { 'iam:PassedToService': 'config.amazonaws.com' } },
    };
    const passes = mustPut(baseline.recorder, now.recorder) && !isServiceLinked(role);
    return [recorder, ...(baseline.channel === null ? [] : [channel]), ...(passes ? [pass] : [])];
  },

  async contain({ baseline }, context) {
    const now = await readRecorder(context);
    const config = context.change.of(ConfigServiceClient);
    if (mustPut(baseline.recorder, now.recorder)) {
      const ConfigurationRecorder = baseline.recorder as ConfigurationRecorder;
      const role = ConfigurationRecorder.roleARN ?? '';
      if (isServiceLinked(role)) {
        throw new Error(
          `recorder '${nameOf(baseline)}' must be put back with the service-linked role ${role}, which no containment may touch: a person puts it back, as the runbook's page says`,
        );
      }
      await config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder }));
    }
    if (mustPut(baseline.channel, now.channel)) {
      await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: baseline.channel as DeliveryChannel }));
    }
    if (baseline.recording && !now.recording) {
      await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: nameOf(baseline) }));
    }
  },

  async verify({ baseline, now: before }, context) {
    const now = await readRecorder(context);
    const wrong = recorderDifferences(baseline, now);
    if (wrong.length > 0) return { ok: false, observed: wrong.join('; ') };
    if (baseline.recorder === null) return { ok: true, observed: 'the baseline has no configuration recorder' };
    const blind = baseline.recording && !before.recording ? `; it ${blindText(before.stoppedAt, now.startedAt)}` : '';
    return { ok: true, observed: `configuration recorder '${nameOf(baseline)}' records as the baseline says${blind}` };
  },

  ...staysOn('AWS Config'),
});

function nameOf({ recorder }: Recorder): string {
  return textAt(recorder, 'name') ?? 'default';
}

function mustPut(known: Recorder['recorder'], found: Recorder['recorder']): boolean {
  return known !== null && !same(known, found);
}

function isServiceLinked(role: string): boolean {
  return role.includes(':role/aws-service-role/');
}
