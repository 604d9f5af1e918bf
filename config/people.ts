import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { BusinessHours } from '../lib/escalate/business-hours';
import type { EscalationLevel } from '../lib/escalate/escalation-level';
import { Recipient } from '../lib/escalate/recipient';
import { Rotation } from '../lib/escalate/rotation';
import { Stakeholder } from '../lib/escalate/stakeholder';
import { canonicalJson } from '../lib/model/canonical-json';
import { atPlace } from './at-place';
import { parseDuration } from './duration';
import type { Configuration, LevelConfiguration, RecipientConfiguration, StakeholderConfiguration } from './schema';

type Named = LevelConfiguration['recipients'][number];

/** The people of a configuration, whom its levels name. */
export class People {
  private readonly byName: ReadonlyMap<string, Recipient>;
  private readonly named = new Map<string, Recipient>();

  constructor(
    private readonly scope: Construct,
    configuration: Configuration,
    private readonly path: string,
  ) {
    this.byName = new Map(
      configuration.people.map(({ name, channels }) => [
        name,
        atPlace(path, () =>
          Recipient.person(
            name,
            channels.map((channel, index) => toRecipient(scope, `Person${name.replace(/\W/g, '')}${index}`, channel)),
          ),
        ),
      ]),
    );
  }

  /** @throws Error where nobody has that name. */
  public recipient(id: string, named: Named): Recipient {
    const recipient = this.find(id, named);
    this.named.set(canonicalJson(named), recipient);
    return recipient;
  }

  /**
   * The recipient that a chain pages, named once more.
   *
   * @throws Error where no chain does.
   */
  public paged(named: Named): Recipient {
    const recipient = this.named.get(canonicalJson(named));
    if (recipient) return recipient;
    throw new Error(
      `the approver ${JSON.stringify(named)} is in no escalation chain, and would never be asked; write it as it stands there`,
    );
  }

  /** @throws Error where nobody has that name, or there is no way to tell them that does not ring. */
  public stakeholder({ name, recipient, events, severityAtLeast }: StakeholderConfiguration): Stakeholder {
    const id = `Stakeholder${name.replace(/\W/g, '')}`;
    return new Stakeholder({ name, recipient: this.find(id, recipient), events, severityAtLeast });
  }

  private find(id: string, named: Named): Recipient {
    if (!('person' in named)) return toRecipient(this.scope, id, named);
    const person = this.byName.get(named.person);
    if (person) return person;
    const known = [...this.byName.keys()].join(', ') || 'nobody';
    throw new Error(`${this.path}: '${named.person}' is not one of 'people', which are: ${known}`);
  }
}

export function toLevel(chain: string, level: LevelConfiguration, people: People): EscalationLevel {
  const { rotation, businessHours, acknowledgeWithinBySeverity: times } = level;
  const within = (text: string | undefined) => (text === undefined ? undefined : parseDuration(text));
  return {
    name: level.name,
    acknowledgeWithin: parseDuration(level.acknowledgeWithin),
    acknowledgeWithinBySeverity: {
      sev1: within(times.SEV1),
      sev2: within(times.SEV2),
      sev3: within(times.SEV3),
      sev4: within(times.SEV4),
    },
    repeats: level.repeats,
    recipients: level.recipients.map((named, index) => people.recipient(`${chain}${level.name}${index}`, named)),
    rotation:
      rotation &&
      new Rotation({
        ...rotation,
        people: rotation.people.map((named, index) => people.recipient(`${chain}${level.name}Turn${index}`, named)),
      }),
    businessHours: businessHours && new BusinessHours(businessHours),
  };
}

function toRecipient(scope: Construct, id: string, recipient: RecipientConfiguration): Recipient {
  if ('email' in recipient) return Recipient.email(recipient.email);
  if ('sms' in recipient) return Recipient.sms(recipient.sms);
  if ('queue' in recipient) return Recipient.queue(Queue.fromQueueArn(scope, id, recipient.queue));
  if ('topic' in recipient) return Recipient.topic(Topic.fromTopicArn(scope, id, recipient.topic));
  if ('pagerDuty' in recipient) {
    return Recipient.pagerDuty({ routingKey: Secret.fromSecretCompleteArn(scope, id, recipient.pagerDuty) });
  }
  const secret = (secretArn: string) => Secret.fromSecretCompleteArn(scope, id, secretArn);
  if ('slack' in recipient) return Recipient.slack({ webhookUrl: secret(recipient.slack) });
  if ('teams' in recipient) return Recipient.teams({ webhookUrl: secret(recipient.teams) });
  return Recipient.https(recipient.https, {
    signingSecret:
      recipient.signingSecret === undefined
        ? undefined
        : Secret.fromSecretCompleteArn(scope, id, recipient.signingSecret),
  });
}
