import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import { action, type Change, type ChangeContext } from '../../../lambdas/contain/runbook-host/action';
import type { Permission } from '../../../lib/model/runbook-facts';
import { readBaseline } from '../baseline';
import {
  changedSettings,
  distantDifferences,
  readTrails,
  same,
  selectorsInput,
  trailDifferences,
  type TrailSettings,
  type TrailState,
  type Trails,
} from '../state/trails';
import { blindText, staysOn } from './stays-on';

type Before = { readonly baseline: Trails; readonly now: Trails };

/** Settings first, or what is logged from now on goes to the attacker's bucket; selectors next; then it logs. */
export const restoreTrails = action<Before>({
  id: 'restore-trails',

  async read(context) {
    const { trails } = await readBaseline(context);
    return { baseline: trails, now: await readTrails(context) };
  },

  changes({ baseline, now }) {
    return baseline.here.flatMap((known) =>
      changesOf(
        known,
        now.here.find(({ arn }) => arn === known.arn),
      ),
    );
  },

  permissions({ baseline }, _context, step) {
    if (step === 'release') return [];
    const { here } = baseline;
    const roles = here.map(({ settings }) => settings.logRole).filter((role) => role !== null);
    const trails: Permission = {
      actions: [
        'cloudtrail:CreateTrail',
        'cloudtrail:UpdateTrail',
        'cloudtrail:PutEventSelectors',
        'cloudtrail:StartLogging',
      ],
      resources: here.map(({ arn }) => arn),
    };
    const pass: Permission = {
      actions: ['iam:PassRole'],
      resources: [...new Set(roles)],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudtrail.amazonaws.com' } },
    };
    return [...(here.length > 0 ? [trails] : []), ...(roles.length > 0 ? [pass] : [])];
  },

  async contain({ baseline }, context) {
    const now = await readTrails(context);
    for (const known of baseline.here)
      await restore(
        context,
        known,
        now.here.find(({ arn }) => arn === known.arn),
      );
    const elsewhere = distantDifferences(baseline, now);
    if (elsewhere.length > 0) throw new Error(elsewhere.join('; '));
  },

  async verify({ baseline, now: before }, context) {
    const now = await readTrails(context);
    const wrong = trailDifferences(baseline, now);
    if (wrong.length > 0) return { ok: false, observed: wrong.join('; ') };
    const blind = before.here
      .filter(({ status }) => !status.logging)
      .map(({ name, arn, status }) => {
        const startedAt = now.here.find((trail) => trail.arn === arn)?.status.startedAt ?? null;
        return `trail '${name}' ${blindText(status.stoppedAt, startedAt)}`;
      });
    const gone = baseline.here
      .filter(({ arn }) => !before.here.some((trail) => trail.arn === arn))
      .map(({ name }) => `trail '${name}' had been deleted; the evidence says when`);
    const count = now.here.length + now.distant.length;
    return { ok: true, observed: [`${count} trail(s) log as the baseline says`, ...blind, ...gone].join('; ') };
  },

  ...staysOn('CloudTrail'),
});

function changesOf(known: TrailState, trail: TrailState | undefined): Change[] {
  const resource = known.arn;
  if (!trail) {
    return [
      { call: 'cloudtrail:CreateTrail', resource, from: 'gone', to: `into bucket ${known.settings.bucket ?? ''}` },
      { call: 'cloudtrail:PutEventSelectors', resource, from: 'none', to: JSON.stringify(known.selectors) },
      { call: 'cloudtrail:StartLogging', resource, from: 'does not log', to: 'logs' },
    ];
  }
  const value = (name: string, of: TrailState) => String(of.settings[name as keyof TrailSettings] ?? 'none');
  const settings = changedSettings(known, trail).map((name) => ({
    call: 'cloudtrail:UpdateTrail',
    resource,
    from: `${name}: ${value(name, trail)}`,
    to: `${name}: ${value(name, known)}`,
  }));
  return [
    ...settings,
    ...(same(known.selectors, trail.selectors)
      ? []
      : [
          {
            call: 'cloudtrail:PutEventSelectors',
            resource,
            from: JSON.stringify(trail.selectors),
            to: JSON.stringify(known.selectors),
          },
        ]),
    ...(trail.status.logging ? [] : [{ call: 'cloudtrail:StartLogging', resource, from: 'does not log', to: 'logs' }]),
  ];
}

async function restore(context: ChangeContext, known: TrailState, trail: TrailState | undefined): Promise<void> {
  const cloudTrail = context.change.of(CloudTrailClient);
  if (!trail) await cloudTrail.send(new CreateTrailCommand({ Name: known.name, ...created(known.settings) }));
  else if (changedSettings(known, trail).length > 0) {
    await cloudTrail.send(new UpdateTrailCommand({ Name: known.arn, ...updated(known.settings) }));
  }
  if (!trail || !same(known.selectors, trail.selectors)) {
    await cloudTrail.send(new PutEventSelectorsCommand({ TrailName: known.arn, ...selectorsInput(known.selectors) }));
  }
  if (trail?.status.logging !== true) await cloudTrail.send(new StartLoggingCommand({ Name: known.arn }));
}

/** Empty takes away what somebody has set since. */
function updated(settings: TrailSettings) {
  return {
    S3BucketName: settings.bucket ?? undefined,
    S3KeyPrefix: settings.prefix ?? '',
    SnsTopicName: settings.topic ?? '',
    IncludeGlobalServiceEvents: settings.globalServices,
    IsMultiRegionTrail: settings.multiRegion,
    EnableLogFileValidation: settings.validation,
    CloudWatchLogsLogGroupArn: settings.logGroup ?? '',
    CloudWatchLogsRoleArn: settings.logRole ?? '',
    KmsKeyId: settings.key ?? '',
    IsOrganizationTrail: settings.organization,
  };
}

function created(settings: TrailSettings) {
  const all = Object.entries(updated(settings)).filter(([, value]) => value !== '');
  return { ...Object.fromEntries(all), S3BucketName: settings.bucket ?? undefined };
}
