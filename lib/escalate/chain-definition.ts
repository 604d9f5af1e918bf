import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  JsonPath,
  Pass,
  Result,
  Succeed,
  TaskInput,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, SnsPublish } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { markExercise } from '../model/exercise';
import type { Severity } from '../model/severity';
import type { LevelSnapshot, RecipientTarget } from '../model/recipient';

/** What the definition is made of. */
export interface ChainDefinition {
  readonly chain: string;
  readonly levels: readonly (LevelSnapshot & {
    readonly seconds: Readonly<Record<Severity, number>>;
    readonly repeats: number;
  })[];
  /** Further starts from the first level. */
  readonly startAgain: number;
  /** How long whoever acknowledged may be silent; without it an acknowledgement holds. */
  readonly silenceSeconds?: number;
  readonly pageFunction: IFunction;
  readonly answerFunction: IFunction;
  readonly finishFunction: IFunction;
  readonly alarmTopic: ITopic;
  /** What is rehearsed: the alarm says that something is. */
  readonly exercise?: string;
}

/** Names the end of an execution that nobody answered; `firebreak doctor` and the failure rule look for it. */
export const ESCALATION_EXHAUSTED = 'EscalationExhausted';

/** The state that is handed on: see `EscalationState`. */
const STATE = {
  schemaVersion: 1,
  'incidentId.$': '$.incidentId',
  'attempt.$': '$.attempt',
  'cycle.$': '$.cycle',
  'round.$': '$.round',
};

/**
 * The states of a chain. Everything that a running escalation needs stands in them, so that a later deploy changes
 * the next escalation and never one that is under way.
 *
 * A level that cannot be paged, for whatever reason, is passed on to the next: an error may page too many, never nobody.
 */
export function chainDefinition(scope: Construct, props: ChainDefinition): IChainable {
  const ends = endStates(scope, props);
  let next: IChainable = ends.nobodyAnswered;
  let first: IChainable = next;
  for (const level of [...props.levels].reverse()) {
    first = levelStates(scope, props, level, { next, answered: ends.somebodyAnswered });
    next = first;
  }
  ends.startAgain.next(first);
  const begin = new Pass(scope, 'Begin the escalation', {
    parameters: { schemaVersion: 1, 'incidentId.$': '$.incidentId', 'attempt.$': '$.attempt', cycle: 1, round: 1 },
  }).next(first);
  return new Choice(scope, 'Is it a canary?')
    .when(Condition.isPresent('$.canary'), rehearsal(scope, props))
    .otherwise(begin);
}

/** Everything that paging needs, up to the moment of sending. It fails like any execution, and is told on like any. */
function rehearsal(scope: Construct, { chain, levels, pageFunction }: ChainDefinition): IChainable {
  const payload = {
    schemaVersion: 1,
    'canary.$': '$.canary',
    chain,
    levels: levels.map(({ name, recipients, rotation, businessHours }) => ({
      name,
      recipients,
      rotation,
      businessHours,
    })),
  };
  return task(scope, 'Rehearse the pages', pageFunction, payload).next(new Succeed(scope, 'Rehearsed'));
}

function levelStates(
  scope: Construct,
  props: ChainDefinition,
  level: ChainDefinition['levels'][number],
  to: { readonly next: IChainable; readonly answered: IChainable },
): IChainable {
  const { name, recipients, rotation, businessHours, seconds, repeats } = level;
  const page = task(scope, `Page ${name}`, props.pageFunction, {
    ...STATE,
    chain: props.chain,
    level: { name, recipients, rotation, businessHours, seconds },
    levels: props.levels.map((one) => one.name),
  });
  const wait = new Wait(scope, `Wait for ${name}`, { time: WaitTime.secondsPath('$.seconds') });
  const held = new Wait(scope, `Hold ${name}`, { time: WaitTime.secondsPath('$.seconds') });
  const answer = task(scope, `Did ${name} answer?`, props.answerFunction, {
    ...STATE,
    chain: props.chain,
    level: name,
    repeats,
  });
  page.addCatch(to.next, { resultPath: '$.failure' });
  answer.addCatch(to.next, { resultPath: '$.failure' });

  page.next(
    new Choice(scope, `Was ${name} paged?`)
      .when(Condition.stringEquals('$.outcome', 'paged'), wait)
      .when(Condition.stringEquals('$.outcome', 'answered'), to.answered)
      .when(Condition.stringEquals('$.outcome', 'held'), held)
      .otherwise(to.next),
  );
  held.next(page);
  wait.next(answer);
  answer.next(
    new Choice(scope, `After ${name}`)
      .when(Condition.stringEquals('$.outcome', 'answered'), to.answered)
      .when(Condition.stringEquals('$.outcome', 'repeat'), page)
      .when(Condition.stringEquals('$.outcome', 'held'), held)
      .otherwise(to.next),
  );
  return new Pass(scope, `Go to ${name}`, { result: Result.fromNumber(1), resultPath: '$.round' }).next(page);
}

function endStates(scope: Construct, props: ChainDefinition) {
  const pagers = props.levels.flatMap(channelsOf).filter(({ kind }) => kind === 'pager-duty');
  const finish = { ...STATE, chain: props.chain, pagers, startAgain: props.startAgain };

  const somebodyAnswered = task(scope, 'Somebody answered', props.finishFunction, { ...finish, why: 'answered' });
  const { next, watch } = afterAnswer(scope, props, finish);
  somebodyAnswered.next(next);
  // What could not be recorded is looked after all the same.
  if (watch) somebodyAnswered.addCatch(watch, { resultPath: '$.failure' });

  const nobodyAnswered = task(scope, 'Nobody answered', props.finishFunction, { ...finish, why: 'exhausted' });
  const failed = new Fail(scope, 'Nobody answered at any level', {
    error: ESCALATION_EXHAUSTED,
    cause: `No level of escalation chain '${props.chain}' acknowledged; the alarm topic was told.`,
  });
  const startAgain = new Pass(scope, 'Start again');
  const again = new Choice(scope, 'Start the chain again?')
    .when(Condition.stringEquals('$.outcome', 'again'), startAgain)
    .otherwise(failed);

  // The alarm is sent by Step Functions itself: it needs none of the Lambdas that may have been what failed.
  const alarm = new SnsPublish(scope, 'Raise the alarm', {
    topic: props.alarmTopic,
    subject: markExercise('Firebreak: nobody answered a page', props.exercise),
    message: TaskInput.fromText(
      JsonPath.format(
        markExercise(
          `Nobody acknowledged incident {} at any level of escalation chain ${props.chain} (attempt {}). ` +
            'Look at it now: firebreak incident show {}. Acknowledge it: firebreak incident ack {} --by NAME',
          props.exercise,
        ),
        JsonPath.stringAt('$.incidentId'),
        JsonPath.stringAt('$.attempt'),
        JsonPath.stringAt('$.incidentId'),
        JsonPath.stringAt('$.incidentId'),
      ),
    ),
    resultPath: JsonPath.DISCARD,
  });
  alarm.addRetry(RETRY);
  alarm.addCatch(failed, { resultPath: '$.failure' });
  alarm.next(again);

  // Without a record there is no count of cycles either: the alarm is raised and the chain ends.
  const unrecorded = new Pass(scope, 'It could not be recorded', {
    result: Result.fromString('over'),
    resultPath: '$.outcome',
  });
  unrecorded.next(alarm);
  nobodyAnswered.addCatch(unrecorded, { resultPath: '$.failure' });
  nobodyAnswered.next(
    new Choice(scope, 'Did somebody answer at the last moment?')
      .when(Condition.stringEquals('$.outcome', 'answered'), somebodyAnswered)
      .otherwise(alarm),
  );
  return { somebodyAnswered, nobodyAnswered, startAgain };
}

function channelsOf({ recipients, rotation }: LevelSnapshot): readonly RecipientTarget[] {
  return [...recipients, ...(rotation?.people ?? [])].flatMap((recipient) =>
    recipient.kind === 'person' ? recipient.channels : [recipient],
  );
}

/** Whoever acknowledged is looked after: long silence voids it, and the next attempt pages. */
function afterAnswer(
  scope: Construct,
  props: ChainDefinition,
  finish: { [key: string]: unknown },
): { readonly next: IChainable; readonly watch?: IChainable } {
  const ended = new Succeed(scope, 'Escalation ended');
  if (props.silenceSeconds === undefined) return { next: ended };
  const wait = new Wait(scope, 'Leave them to it', { time: WaitTime.secondsPath('$.seconds') });
  const look = task(scope, 'Is somebody still at it?', props.finishFunction, {
    ...finish,
    why: 'silence',
    silenceSeconds: props.silenceSeconds,
  });
  // Failing to look must not end the watch: it is looked at again after the whole time.
  const again = new Pass(scope, 'It could not be seen', {
    result: Result.fromNumber(props.silenceSeconds),
    resultPath: '$.seconds',
  });
  look.addCatch(again, { resultPath: '$.failure' });
  again.next(wait);
  wait.next(look);
  look.next(
    new Choice(scope, 'Was there a sign of life?')
      .when(Condition.stringEquals('$.outcome', 'again'), wait)
      .otherwise(ended),
  );
  const next = new Choice(scope, 'Is it taken care of?')
    .when(Condition.stringEquals('$.outcome', 'answered'), look)
    .otherwise(ended);
  return { next, watch: look };
}

/** 2, 4 and 8 seconds: throttling and a cold store pass, and a page is not kept waiting. */
const RETRY = { errors: ['States.ALL'], interval: Duration.seconds(2), maxAttempts: 3, backoffRate: 2 };

function task(scope: Construct, name: string, lambdaFunction: IFunction, payload: { [key: string]: unknown }) {
  const invoke = new LambdaInvoke(scope, name, {
    lambdaFunction,
    payload: TaskInput.fromObject(payload),
    outputPath: '$.Payload',
    retryOnServiceExceptions: false,
  });
  invoke.addRetry(RETRY);
  return invoke;
}
