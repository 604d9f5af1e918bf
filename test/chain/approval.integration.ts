import { describe, expect, test } from '@jest/globals';
import { DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { drillApi } from '../../drills/clients';
import type { WebhookPage } from '../../lambdas/escalate/page/webhook';
import type { EmbeddedAws } from '../../local/embedded-aws';
import { TEST_PHONES } from '../embedded/deploy-firebreak';
import { eventually } from '../embedded/aws';
import { deployedFirebreak } from '../embedded/firebreak';
import { Attack } from './attack';

const UNTOUCHED = { denied: false, keys: ['Active', 'Active'] };
const CONTAINED = { denied: true, keys: ['Inactive', 'Inactive'] };

describe('a plan that asks first, deployed', () => {
  const firebreak = deployedFirebreak();
  const { aws } = firebreak;
  const api = drillApi(aws as unknown as EmbeddedAws);
  const attack = new Attack(api, firebreak);

  /** Somebody disables a key, which the plan `asks-first` answers. */
  async function attacked() {
    const mallory = await attack.hire('asked-about');
    await attack.putIntoTrail(
      attack.record(mallory, { name: 'DisableKey', service: 'kms', request: { keyId: 'a-key' } }),
    );
    await attack.containmentOf(mallory, 'awaiting-approval');
    return { mallory, incident: await attack.incidentAbout(mallory) };
  }

  /** The page with a link to decide by, as it came to one of the phones. */
  function pageAbout(incidentId: string): Promise<WebhookPage> {
    return eventually(`a page about ${incidentId} that asks`, async () => {
      for (const QueueName of TEST_PHONES) {
        const { QueueUrl } = await api.queues.send(new GetQueueUrlCommand({ QueueName }));
        const { Messages } = await api.queues.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1 }),
        );
        for (const { Body = '', ReceiptHandle } of Messages ?? []) {
          // Alarms come as plain text.
          if (!Body.startsWith('{')) continue;
          const page = JSON.parse(Body) as Partial<WebhookPage>;
          if (page.incident?.id !== incidentId) continue;
          await api.queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
          if ((page.approvals?.length ?? 0) > 0) return page as WebhookPage;
        }
      }
      return undefined;
    });
  }

  test('shows the plan behind a link, and contains when somebody approves it there', async () => {
    const { mallory, incident } = await attacked();
    const page = await pageAbout(incident.id);
    expect(await attack.stateOf(mallory)).toEqual(UNTOUCHED);
    const link = aws.reach(page.approvals[0]?.url ?? '');

    const shown = await fetch(link);
    expect(shown.status).toBe(200);
    expect(await shown.text()).toContain('iam:UpdateAccessKey');
    await fetch(link, { method: 'HEAD' });
    expect(await attack.stateOf(mallory)).toEqual(UNTOUCHED);

    const body = new URLSearchParams({ decision: 'approve', name: 'Ada', reason: 'not one of ours' });
    const sent = await fetch(link, { method: 'POST', body });
    expect(sent.status).toBe(200);

    await attack.containmentOf(mallory, 'held');
    expect(await attack.stateOf(mallory)).toEqual(CONTAINED);
    expect((await fetch(link)).status).toBe(404);
    const { timeline } = await attack.show(incident.id);
    expect(timeline.find(({ kind }) => kind === 'approval-granted')).toMatchObject({ by: 'Ada' });
  });

  test('leaves alone what is declined on the command line', async () => {
    const { mallory, incident } = await attacked();
    const [question] = await firebreak
      .invoke<{ value: { id: string; planHash: string }[] }>(firebreak.output('QueryFunction'), {
        op: 'approvals',
        incidentId: incident.id,
      })
      .then(({ value }) => value);

    await attack.respond({
      op: 'decide',
      incidentId: incident.id,
      approvalId: question?.id ?? '',
      planHash: question?.planHash ?? '',
      approve: false,
      by: 'Grace',
      reason: 'announced',
    });

    const declined = await attack.containmentOf(mallory, 'not-approved');
    expect(declined.reason).toBe('Grace declined: announced');
    expect(await attack.stateOf(mallory)).toEqual(UNTOUCHED);
  });
});
