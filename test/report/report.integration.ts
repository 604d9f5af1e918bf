import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  GetObjectCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { newIncidentId, sha256 } from '../../lib/model/ids';
import type { TimelineEntry } from '../../lib/model/timeline';
import { readAnchors } from '../../lambdas/report/read-anchors';
import { draftLength } from '../../lambdas/report/writer/read-draft';
import { verifyTimeline } from '../../lambdas/report/verify-timeline';
import { changeIncident, createIncident, getIncident } from '../../lambdas/shared/store/incidents';
import { readTimeline } from '../../lambdas/shared/store/timelines';
import { putDraft, putLocked, putLockedOnce } from '../../lambdas/shared/vault';
import { eventually } from '../embedded/aws';
import { deployedFirebreak } from '../embedded/firebreak';

jest.setTimeout(60_000);

describe('the report stage, deployed', () => {
  const firebreak = deployedFirebreak();
  const { aws, table } = firebreak;
  const Bucket = firebreak.output('VaultBucket');
  const s3 = new S3Client({ ...aws.client, forcePathStyle: true });
  process.env['VAULT_BUCKET'] = Bucket;
  process.env['VAULT_RETENTION_DAYS'] = '30';

  /** An incident that no stage but this one touches. */
  async function openIncident(): Promise<string> {
    const id = newIncidentId(new Date());
    const now = new Date();
    await createIncident(
      table,
      {
        schemaVersion: 1,
        id,
        status: 'open',
        title: 'A report under test <script>',
        severity: 'SEV3',
        account: '000000000000',
        region: aws.region,
        openedAt: now.toISOString(),
        firstEventAt: now.toISOString(),
        lastAlertAt: now.toISOString(),
        alertCount: 0,
        rules: [],
        entities: [],
        chain: 'none',
        handOvers: {},
      },
      [{ stage: 'triage', kind: 'incident-opened', text: 'Opened by a test', by: 'Test' }],
      [],
      now,
    );
    return id;
  }

  const NOTE = { stage: 'triage', by: 'Test', kind: 'note' } as const;
  const say = (id: string, entry: Pick<TimelineEntry, 'kind' | 'text'>) =>
    changeIncident(table, id, () => ({ entries: [{ ...NOTE, ...entry }] }));

  const close = (id: string) =>
    changeIncident(table, id, () => ({
      set: { status: 'closed', closedAt: new Date().toISOString() },
      entries: [{ stage: 'triage', kind: 'incident-closed', text: 'Closed by a test', by: 'Test' }],
    }));

  async function read(Key: string, VersionId?: string): Promise<string | undefined> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return Body?.transformToString();
  }

  const versionsOf = async (Prefix: string) =>
    (await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }))).Versions ?? [];

  const draftReaches = (id: string, length: number) =>
    eventually(`a draft of ${length} records`, async () => ((await draftLength(id)) >= length ? true : undefined));

  describe('the vault', () => {
    test('locks what is written, and says key, version and hash', async () => {
      const object = await putLocked({ key: 'evidence/test/locked.txt', body: 'proof', contentType: 'text/plain' });
      expect(object.sha256).toBe(sha256('proof'));
      expect(await read(object.key, object.versionId)).toBe('proof');
      const { Retention } = await s3.send(
        new GetObjectRetentionCommand({ Bucket, Key: object.key, VersionId: object.versionId }),
      );
      expect(Retention?.Mode).toBe('GOVERNANCE');
      const days = ((Retention?.RetainUntilDate?.getTime() ?? 0) - Date.now()) / 86_400_000;
      expect(days).toBeGreaterThan(29.9);
      expect(days).toBeLessThanOrEqual(30);
    });

    test('writes the same key again as a further version, or once where it is asked to', async () => {
      await putLockedOnce({ key: 'anchors/test-once/1.json', body: 'first', contentType: 'text/plain' });
      const again = await putLockedOnce({ key: 'anchors/test-once/1.json', body: 'second', contentType: 'text/plain' });
      expect(again.versionId).toBeUndefined();
      expect(await versionsOf('anchors/test-once/')).toHaveLength(1);
      expect(await read('anchors/test-once/1.json')).toBe('first');
    });

    test('does not lock drafts', async () => {
      const draft = await putDraft({ key: 'drafts/test/x.txt', body: 'x', contentType: 'text/plain' });
      await expect(s3.send(new GetObjectRetentionCommand({ Bucket, Key: draft.key }))).rejects.toThrow();
    });

    test('has no draft of an incident that it does not know', async () => {
      expect(await draftLength('inc-unknown')).toBe(0);
    });
  });

  describe('the publisher', () => {
    const queue: { url: string } = { url: '' };
    beforeAll(async () => {
      const sqs = new SQSClient(aws.client);
      const bus = new EventBridgeClient(aws.client);
      queue.url = (await sqs.send(new CreateQueueCommand({ QueueName: 'report-test-events' }))).QueueUrl ?? '';
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: ['QueueArn'] }),
      );
      const rule = { Name: 'report-test', EventBusName: firebreak.output('EventBus') };
      await bus.send(new PutRuleCommand({ ...rule, EventPattern: JSON.stringify({ source: ['firebreak'] }) }));
      await bus.send(
        new PutTargetsCommand({
          Rule: rule.Name,
          EventBusName: rule.EventBusName,
          Targets: [{ Id: 'queue', Arn: Attributes?.['QueueArn'] }],
        }),
      );
    });

    test('tells the bus, and anchors what is to be anchored and nothing else', async () => {
      const id = await openIncident();
      await say(id, { kind: 'acknowledged', text: 'Somebody answers' });
      await say(id, { kind: 'evidence-collected', text: 'nobody else needs to know' });

      const heard = new Map<string, string>();
      const sqs = new SQSClient(aws.client);
      await eventually('both events', async () => {
        const { Messages } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
        );
        for (const { Body } of Messages ?? []) {
          const event = JSON.parse(Body ?? '') as { 'detail-type': string; detail: { id: string; incidentId: string } };
          if (event.detail.incidentId === id) heard.set(event.detail.id, event['detail-type']);
        }
        return heard.size >= 2 ? true : undefined;
      });
      expect([...heard]).toEqual([
        [`${id}#1`, 'Incident Opened'],
        [`${id}#2`, 'Incident Updated'],
      ]);
      const timeline = await readTimeline(table, id);
      const anchors = await eventually('two anchors', async () => {
        const found = await readAnchors(id);
        return found.length >= 2 ? found : undefined;
      });
      expect(anchors.map(({ length }) => length)).toEqual([1, 2]);
      expect(verifyTimeline(id, timeline, anchors)).toMatchObject({ intact: true, unanchored: 1 });
    });

    test('an anchor that somebody writes over is still the first one to those who verify', async () => {
      const id = await openIncident();
      const [anchor] = await eventually('an anchor', async () => {
        const found = await readAnchors(id);
        return found.length > 0 ? found : undefined;
      });
      const [version] = await versionsOf(`anchors/${id}/`);
      await s3.send(
        new PutObjectCommand({ Bucket, Key: version?.Key, Body: JSON.stringify({ ...anchor, hash: 'forged' }) }),
      );
      expect(await versionsOf(`anchors/${id}/`)).toHaveLength(2);
      expect(await readAnchors(id)).toEqual([anchor]);
    });
  });

  describe('the report writer', () => {
    test('keeps the draft at the newest state through a burst', async () => {
      const id = await openIncident();
      // Five at a time: one after the other, on a busy machine, they would be no burst.
      const notes = (writer: number) =>
        Array.from({ length: 5 }, (_, n) => ({ ...NOTE, text: `note ${writer * 5 + n}` }));
      await Promise.all([0, 1, 2, 3, 4].map((writer) => changeIncident(table, id, () => ({ entries: notes(writer) }))));
      await draftReaches(id, 26);
      const markdown = await eventually('every note in the draft', async () => {
        const text = (await read(`drafts/${id}/report.md`)) ?? '';
        return Array.from({ length: 25 }, (_, n) => `note ${n}`).every((note) => text.includes(note))
          ? text
          : undefined;
      });
      expect(markdown).not.toMatch(/(?<!\\)<script>/);
      // Each draft is three objects; 26 events one by one would be 26 drafts.
      expect((await versionsOf(`drafts/${id}/report.json`)).length).toBeLessThan(20);
    });

    test('locks the final report when the incident is closed, says so once, and does not loop', async () => {
      const id = await openIncident();
      await draftReaches(id, 1);
      await close(id);
      const timeline = await eventually(
        'the final report',
        async () => {
          const records = await readTimeline(table, id);
          return records.at(-1)?.kind === 'report-written' ? records : undefined;
        },
        30_000,
      );
      const objects = timeline.at(-1)?.details?.['objects'] as { key: string; versionId: string; sha256: string }[];
      expect(objects.map(({ key }) => key)).toEqual(
        ['html', 'md', 'json'].map((kind) => `reports/${id}/report.${kind}`),
      );
      for (const { key, versionId, sha256: hash } of objects) {
        expect(sha256((await read(key, versionId)) ?? '')).toBe(hash);
        const { Retention } = await s3.send(new GetObjectRetentionCommand({ Bucket, Key: key, VersionId: versionId }));
        expect(Retention?.Mode).toBe('GOVERNANCE');
      }
      expect(await read(`reports/${id}/report.md`)).toContain('Closed by a test');

      await draftReaches(id, 3);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect((await readTimeline(table, id)).map(({ kind }) => kind)).toEqual([
        'incident-opened',
        'incident-closed',
        'report-written',
      ]);
      expect(await versionsOf(`reports/${id}/report.json`)).toHaveLength(1);
      const anchors = await readAnchors(id);
      const incident = await getIncident(table, id);
      const head = { length: incident?.timelineLength ?? 0, hash: incident?.timelineHash ?? '' };
      expect(verifyTimeline(id, timeline, anchors, head)).toMatchObject({ intact: true, unanchored: 0 });
    });
  });
});
