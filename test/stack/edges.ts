import { refersTo, type Resource } from './sample-stack';

type Resources = ReadonlyMap<string, Resource>;

/** A service of AWS, or a role of ours, that puts something into a resource. */
export interface Edge {
  /** Logical id of what makes the service do it: a rule, an alarm, a subscription, a function … */
  readonly from: string;
  /** The service principal; undefined where a role of ours does it. */
  readonly service?: string;
  /** Logical id of that role. */
  readonly role?: string;
  readonly how: string;
  /** Logical id of the resource. */
  readonly to: string;
}

interface Properties {
  readonly [name: string]: unknown;
}

/** Everything in a template by which something is delivered into a topic, queue or bucket. */
export function edges(resources: Resources): Edge[] {
  return [...resources].flatMap(([from, resource]) =>
    edgesOf(from, resource).flatMap(({ into, ...edge }) =>
      refersTo(into)
        .filter((to) => /::(?:Topic|Queue|Bucket)$/.test(resources.get(to)?.Type ?? ''))
        .map((to) => ({ from, to, ...edge })),
    ),
  );
}

interface Found {
  readonly into: unknown;
  readonly how: string;
  readonly service?: string;
  readonly role?: string;
}

function edgesOf(from: string, { Type, Properties: p = {} }: Resource): Found[] {
  switch (Type) {
    case 'AWS::Events::Rule':
      return ((p['Targets'] ?? []) as Properties[]).flatMap((target) => [
        { into: target['Arn'], how: 'target', service: 'events.amazonaws.com' },
        { into: target['DeadLetterConfig'], how: 'dead letters', service: 'events.amazonaws.com' },
      ]);
    case 'AWS::CloudWatch::Alarm':
      return [{ into: p['AlarmActions'], how: 'alarm', service: 'cloudwatch.amazonaws.com' }];
    case 'AWS::SNS::Subscription':
      return [
        ...(p['Protocol'] === 'sqs'
          ? [{ into: p['Endpoint'], how: 'subscription', service: 'sns.amazonaws.com' }]
          : []),
        { into: p['RedrivePolicy'], how: 'dead letters', service: 'sns.amazonaws.com' },
      ];
    case 'AWS::S3::Bucket': {
      const { DestinationBucketName } = (p['LoggingConfiguration'] ?? {}) as Properties;
      return [{ into: DestinationBucketName, how: 'access logs', service: 'logging.s3.amazonaws.com' }];
    }
    case 'AWS::Lambda::Function':
      return [{ into: p['DeadLetterConfig'], how: 'dead letters', role: refersTo(p['Role'])[0] }];
    case 'AWS::Lambda::EventSourceMapping':
      return [
        { into: p['DestinationConfig'], how: 'dead letters', role: `of ${refersTo(p['FunctionName'])[0] ?? from}` },
      ];
    case 'AWS::StepFunctions::StateMachine':
      return [{ into: p['DefinitionString'], how: 'state', role: refersTo(p['RoleArn'])[0] }];
    default:
      return [];
  }
}

/** Logical id of the customer key that encrypts a resource; undefined where a key of the service itself does. */
export function keyOf({ Properties: p = {} }: Resource): string | undefined {
  return refersTo([p['KmsMasterKeyId'], p['BucketEncryption']])[0];
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Principal?: { readonly Service?: string | string[] } | string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Allow statements of a policy for one service. */
export function statementsFor(service: string, document: unknown): Statement[] {
  const { Statement: all = [] } = (document ?? {}) as { Statement?: Statement[] };
  return all
    .filter(({ Effect }) => Effect === 'Allow')
    .filter(({ Principal }) => typeof Principal === 'object' && [Principal.Service].flat().includes(service));
}

export function conditionKeys({ Condition = {} }: Statement): string[] {
  return Object.values(Condition).flatMap((keys) => Object.keys(keys));
}

/** Policies that are put on a topic, queue or bucket. */
export function resourcePolicies(resources: Resources, id: string): unknown[] {
  return [...resources.values()]
    .filter(({ Type }) => /::(?:Topic|Queue|Bucket)Policy$/.test(Type))
    .filter(({ Properties: p = {} }) => refersTo([p['Topics'], p['Queues'], p['Bucket']]).includes(id))
    .map(({ Properties: p = {} }) => p['PolicyDocument']);
}

/** What keeps one edge from delivering, or lets others use it; nothing where it is sound. */
export function problemsOf(resources: Resources, edge: Edge): string[] {
  const { service } = edge;
  const target = resources.get(edge.to);
  if (service === undefined || target === undefined) return [];
  const where = `${edge.from} (${service}, ${edge.how}) -> ${edge.to}`;
  const problems: string[] = [];
  const policies = resourcePolicies(resources, edge.to).flatMap((document) => statementsFor(service, document));
  if (policies.length === 0) problems.push(`${where}: no policy lets it in`);
  const key = keyOf(target);
  if (key === undefined) return problems;
  const statements = statementsFor(service, resources.get(key)?.Properties?.['KeyPolicy']);
  const uses = (statement: Statement) => {
    const actions = [statement.Action].flat();
    return actions.includes('kms:Decrypt') && actions.some((action) => /^kms:GenerateDataKey\*?$/.test(action));
  };
  if (!statements.some(uses)) problems.push(`${where}: the key policy does not let it use ${key}`);
  for (const statement of statements) {
    const keys = conditionKeys(statement);
    if (keys.length === 0) problems.push(`${where}: it may use ${key} for anybody; no condition says for whom`);
    // SNS Developer Guide, "Key management": EventBridge to encrypted topics knows neither.
    if (service === 'events.amazonaws.com' && keys.some((name) => /^aws:Source(?:Account|Arn)$/i.test(name))) {
      problems.push(`${where}: EventBridge sends no source to KMS, so this statement of ${key} never holds`);
    }
  }
  if (/Bucket$/.test(target.Type) && edge.how === 'access logs') {
    problems.push(`${where}: S3 writes no access logs into a bucket that a customer key encrypts`);
  }
  return problems;
}
