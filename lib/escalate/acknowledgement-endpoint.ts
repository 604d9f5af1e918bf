import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { checkHttpsUrl } from './recipient-address';

/** Where links in pages lead. */
export interface IAcknowledgementEndpoint {
  /** Without a slash at its end; a link is this, `/a/` (acknowledge) or `/p/` (approve), and a token. */
  readonly url: string;
}

/** Properties of the endpoint that Firebreak makes by itself. */
export interface AcknowledgementEndpointProps {
  /** Answers requests of payload format 2.0. */
  readonly handler: IFunction;
  /**
   * Answers requests below `/p/`, by which people approve; payload format 2.0 as well.
   *
   * @default - there are no such links
   */
  readonly approveHandler?: IFunction;
  /**
   * Requests a second, over all callers.
   *
   * @default - 10
   */
  readonly rateLimit?: number;
  /**
   * Requests at once.
   *
   * @default - 20
   */
  readonly burstLimit?: number;
}

/** Links are paths, not queries: a path parameter is in no access log of ours, and proxies cut queries less often. */
const LINK_PATHS = { acknowledge: '/a/{token}', approve: '/p/{token}' };

/**
 * The endpoint behind the links in pages: a throttled HTTP API. GET and HEAD show, POST acts. Its access log has the
 * route instead of the path, so that no token is ever stored in it.
 */
export class AcknowledgementEndpoint extends Construct implements IAcknowledgementEndpoint {
  /**
   * An endpoint of yours (a domain name of your own, a CDN, a private network) that passes requests on to
   * `escalation.acknowledgeFunction` (below `/a/`) and `escalation.approveFunction` (below `/p/`) in payload format
   * 2.0. It must not log those paths.
   *
   * @throws Error where it is not an https URL.
   */
  public static fromUrl(url: string): IAcknowledgementEndpoint {
    return { url: checkHttpsUrl('AcknowledgementEndpoint.fromUrl', url).replace(/\/+$/, '') };
  }

  public readonly url: string;
  public readonly api: HttpApi;

  constructor(scope: Construct, id: string, props: AcknowledgementEndpointProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      description: 'Firebreak: acknowledgement links in pages',
      createDefaultStage: false,
    });
    this.addLinks(LINK_PATHS.acknowledge, 'Acknowledge', props.handler);
    if (props.approveHandler) this.addLinks(LINK_PATHS.approve, 'Approve', props.approveHandler);
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: props.rateLimit ?? 10, burstLimit: props.burstLimit ?? 20 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            time: '$context.requestTime',
            sourceIp: '$context.identity.sourceIp',
            route: '$context.routeKey',
            status: '$context.status',
            error: '$context.error.message',
            latency: '$context.responseLatency',
          }),
        ),
      },
    });
    this.url = this.api.apiEndpoint;
  }

  private addLinks(path: string, id: string, handler: IFunction): void {
    const routes = this.api.addRoutes({
      path,
      methods: [HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST],
      integration: new HttpLambdaIntegration(id, handler),
    });
    for (const route of routes) {
      Validations.of(route.node.defaultChild ?? route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'Whoever is paged has no AWS identity at hand: the link carries 128 random bits, once and for hours only',
      });
    }
  }
}
