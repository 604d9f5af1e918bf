/** A CloudFormation template, as much of it as is looked at here. */
export interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
}

export interface Resolver {
  readonly template: Template;
  /** Logical id → physical id. */
  readonly physical: ReadonlyMap<string, string>;
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
}

/** Stands where a value cannot be known from outside, for example an attribute that only CloudFormation computes. */
export const UNKNOWN = Symbol('unknown');

/** The ARN of a resource by its physical id. */
const ARNS: Readonly<Record<string, (id: string, region: string, account: string) => string>> = {
  'AWS::DynamoDB::Table': (id, region, account) => `arn:aws:dynamodb:${region}:${account}:table/${id}`,
  'AWS::Events::EventBus': (id, region, account) => `arn:aws:events:${region}:${account}:event-bus/${id}`,
  'AWS::KMS::Key': (id, region, account) => `arn:aws:kms:${region}:${account}:key/${id}`,
  'AWS::Lambda::Function': (id, region, account) => `arn:aws:lambda:${region}:${account}:function:${id}`,
  'AWS::Logs::LogGroup': (id, region, account) => `arn:aws:logs:${region}:${account}:log-group:${id}:*`,
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id}`,
  'AWS::SQS::Queue': (id, region, account) => `arn:aws:sqs:${region}:${account}:${id.slice(id.lastIndexOf('/') + 1)}`,
  'AWS::StepFunctions::StateMachine': (id) => id,
};

/** Replaces `Ref`, `Fn::GetAtt`, `Fn::Join` and their kin by values; what it cannot know becomes UNKNOWN. */
export function resolveIn(resolver: Resolver, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveIn(resolver, item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && (name === 'Ref' || name?.startsWith('Fn::'))) return intrinsic(resolver, name, argument);
  return Object.fromEntries(entries.map(([key, item]) => [key, resolveIn(resolver, item)]));
}

function intrinsic(resolver: Resolver, name: string, argument: unknown): unknown {
  if (name === 'Ref') return reference(resolver, String(argument));
  if (name === 'Fn::GetAtt') {
    const [id = '', attribute = ''] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
    return attributeOf(resolver, id, attribute);
  }
  if (name === 'Fn::Sub') return substitute(resolver, argument);
  const args = resolveIn(resolver, argument);
  if (!Array.isArray(args) || hasUnknown(args)) return UNKNOWN;
  if (name === 'Fn::Join') return (args[1] as unknown[]).map(String).join(String(args[0]));
  if (name === 'Fn::Split') return String(args[1]).split(String(args[0]));
  if (name === 'Fn::Select') return (args[1] as unknown[])[Number(args[0])] ?? UNKNOWN;
  return UNKNOWN;
}

function reference(resolver: Resolver, name: string): unknown {
  const pseudo: Record<string, unknown> = {
    'AWS::AccountId': resolver.account,
    'AWS::NoValue': undefined,
    'AWS::Partition': 'aws',
    'AWS::Region': resolver.region,
    'AWS::StackName': resolver.stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  if (name in pseudo) return pseudo[name];
  return resolver.physical.get(name) ?? resolver.template.Parameters?.[name]?.Default ?? UNKNOWN;
}

function attributeOf(resolver: Resolver, id: string, attribute: string): unknown {
  const physical = resolver.physical.get(id);
  const type = resolver.template.Resources[id]?.Type ?? '';
  if (physical === undefined) return UNKNOWN;
  if (attribute === 'Arn' && type === 'AWS::IAM::Role') return roleArn(resolver, id, physical);
  if (attribute === 'Arn') return ARNS[type]?.(physical, resolver.region, resolver.account) ?? UNKNOWN;
  if (attribute === 'QueueName') return physical.slice(physical.lastIndexOf('/') + 1);
  if (attribute === 'TopicArn' && type === 'AWS::SNS::Topic') return physical;
  return UNKNOWN;
}

/** A role's ARN holds its path, which its name alone does not tell. */
function roleArn(resolver: Resolver, id: string, name: string): unknown {
  const path = resolveIn(resolver, resolver.template.Resources[id]?.Properties?.['Path'] ?? '/');
  return typeof path === 'string' ? `arn:aws:iam::${resolver.account}:role${path}${name}` : UNKNOWN;
}

function substitute(resolver: Resolver, argument: unknown): unknown {
  const [text, names] = Array.isArray(argument)
    ? (argument as [string, Record<string, unknown>])
    : [String(argument), {}];
  const values: unknown[] = [];
  const result = text.replaceAll(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
    const [id = '', attribute] = name.split('.');
    const own = names[name];
    const value =
      own !== undefined
        ? resolveIn(resolver, own)
        : attribute === undefined
          ? reference(resolver, id)
          : attributeOf(resolver, id, attribute);
    values.push(value);
    return String(value);
  });
  return values.includes(UNKNOWN) ? UNKNOWN : result;
}

/** Whether anything in it is not known. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasUnknown);
}

/** A property that is a text, or what AWS takes when it is left out. */
export function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
