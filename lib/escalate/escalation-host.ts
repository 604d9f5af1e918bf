import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** What a chain is bound to: who pages, who looks for answers, and whose key encrypts. */
export interface IEscalationHost {
  /** Pages one level. */
  readonly pageFunction: IFunction;
  /** Looks whether somebody answered. */
  readonly answerFunction: IFunction;
  /** Records how an escalation ended. */
  readonly finishFunction: IFunction;
  /** Encrypts the topics of recipients and of alarms. */
  readonly encryptionKey: IKey;
  /**
   * Is told when nobody answered.
   *
   * @default - the chain's own alarm topic: everybody on its first level, by a way that needs no Lambda where SNS reaches them
   */
  readonly alarmTopic?: ITopic;
  /**
   * What is rehearsed, where this is for an exercise: alarms of the chain say so.
   *
   * @default - everything is real
   */
  readonly exercise?: string;
}
