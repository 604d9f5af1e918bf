import type { Resource } from '../stack/sample-stack';
import { ACCOUNT, REGION } from '../stack/sample-stack';

type Resources = ReadonlyMap<string, Resource>;

/** How CloudFormation would name it: stack, logical id cut to 24 characters, a suffix of 12 that tells them apart. */
export const physicalName = (stack: string, id: string) => `${stack}-${id.slice(0, 24)}-${id.slice(-8)}AAAA`;

/** What CloudFormation calls the sample. */
export const STACK_ID = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/Sample/11111111-2222-3333-4444-555555555555`;

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'Sample',
  'AWS::StackId': STACK_ID,
};

/** What a template says once CloudFormation has filled in every reference; unknown ones are errors. */
export class Resolver {
  constructor(
    private readonly resources: Resources,
    private readonly stack = 'Sample',
  ) {}

  public resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((entry) => this.resolve(entry));
    if (typeof value !== 'object' || value === null) return value;
    const [[key, argument] = ['', undefined], ...more] = Object.entries(value) as [string, unknown][];
    if (more.length === 0) {
      if (key === 'Ref') return this.ref(String(argument));
      if (key === 'Fn::GetAtt') return this.attribute(...(argument as [string, string]));
      if (key === 'Fn::Join') {
        const [delimiter, parts] = argument as [string, unknown[]];
        return parts.map((part) => String(this.resolve(part))).join(delimiter);
      }
      if (key === 'Fn::Select') {
        const [index, parts] = argument as [number, unknown];
        return (this.resolve(parts) as string[])[index];
      }
      if (key === 'Fn::Split') {
        const [delimiter, text] = argument as [string, unknown];
        return String(this.resolve(text)).split(delimiter);
      }
      if (key.startsWith('Fn::')) throw new Error(`the test does not know ${key}`);
    }
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, this.resolve(entry)]));
  }

  /** The ARN of a resource by a part of its logical id that only one has. */
  public arn(type: string, part: string): string {
    return this.attribute(this.id(type, part), 'Arn');
  }

  /** The one logical id of a type that begins so. */
  public id(type: string, start: string): string {
    const found = [...this.resources]
      .filter(([id, resource]) => resource.Type === type && new RegExp(`^${start}[0-9A-F]{8}$`).test(id))
      .map(([id]) => id);
    const [id] = found;
    if (id === undefined || found.length > 1) throw new Error(`${found.length} ${type} are called ${start}, not one`);
    return id;
  }

  private ref(id: string): string {
    if (PSEUDO[id] !== undefined) return PSEUDO[id];
    const type = this.typeOf(id);
    if (/::(?:Topic|StateMachine|ManagedPolicy)$/.test(type)) return this.attribute(id, 'Arn');
    if (type === 'AWS::SQS::Queue') {
      return `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${physicalName(this.stack, id)}`;
    }
    return physicalName(this.stack, id);
  }

  private attribute(id: string, attribute: string): string {
    const type = this.typeOf(id);
    const name = physicalName(this.stack, id);
    const regional = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
    if (attribute === 'StreamArn') return regional('dynamodb', `table/${name}/stream/2026-01-01T00:00:00.000`);
    if (attribute !== 'Arn') return name;
    const arns: Readonly<Record<string, string>> = {
      'AWS::CloudWatch::Alarm': regional('cloudwatch', `alarm:${name}`),
      'AWS::DynamoDB::Table': regional('dynamodb', `table/${name}`),
      'AWS::Events::EventBus': regional('events', `event-bus/${name}`),
      'AWS::Events::Rule': regional('events', `rule/${name}`),
      'AWS::IAM::ManagedPolicy': `arn:aws:iam::${ACCOUNT}:policy/${name}`,
      'AWS::IAM::Role': `arn:aws:iam::${ACCOUNT}:role${this.path(id)}${name}`,
      'AWS::KMS::Key': regional('kms', 'key/11111111-2222-3333-4444-555555555555'),
      'AWS::Lambda::Function': regional('lambda', `function:${name}`),
      'AWS::Logs::LogGroup': regional('logs', `log-group:${name}:*`),
      'AWS::S3::Bucket': `arn:aws:s3:::${name.toLowerCase()}`,
      'AWS::SNS::Topic': regional('sns', name),
      'AWS::SQS::Queue': regional('sqs', name),
      'AWS::SSM::Parameter': regional('ssm', `parameter/${name}`),
      'AWS::StepFunctions::StateMachine': regional('states', `stateMachine:${name}`),
    };
    const arn = arns[type];
    if (arn === undefined) throw new Error(`the test does not know the ARN of ${type}`);
    return arn;
  }

  /** Of a role: what its ARN has between `role` and the name. */
  private path(id: string): string {
    return String(this.resolve(this.resources.get(id)?.Properties?.['Path'] ?? '/'));
  }

  private typeOf(id: string): string {
    const resource = this.resources.get(id);
    if (!resource) throw new Error(`the template refers to '${id}', which is not in it`);
    return resource.Type;
  }
}
