import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { EscalationChain } from '../escalate/escalation-chain';

export interface IncidentDashboardProps {
  /** Queue of alerts for triage. */
  readonly alertQueue: IQueue;
  readonly chains: EscalationChain[];
  /** Machines of runbooks. */
  readonly runbookMachines: StateMachine[];
  readonly deadLetterQueues: IQueue[];
  readonly alarms: Alarm[];
}

const PERIOD = Duration.minutes(5);
/** A widget takes 100 alarms (CloudWatch). */
const MAX_ALARMS = 100;
/** The grid is 24 wide. */
const WIDTH = 12;
const HEIGHT = 6;

/**
 * One screen: is anything in alarm, what comes in, who does not answer, what was not contained, what was not delivered.
 * Everything on it is counted by AWS or by the escalate stage already; no metric has a dimension for a rule or incident.
 */
export class IncidentDashboard extends Construct {
  public readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: IncidentDashboardProps) {
    super(scope, id);
    const { alertQueue, chains, runbookMachines, deadLetterQueues, alarms } = props;
    this.dashboard = new Dashboard(this, 'Resource', { periodOverride: PeriodOverride.AUTO });
    this.dashboard.addWidgets(
      new AlarmStatusWidget({ title: 'Firebreak watches itself', alarms: alarms.slice(0, MAX_ALARMS), width: 24 }),
    );
    this.dashboard.addWidgets(
      graph('Alerts to triage', [
        alertQueue.metricNumberOfMessagesSent({ label: 'alerts', statistic: 'Sum', period: PERIOD }),
        alertQueue.metricApproximateNumberOfMessagesVisible({ label: 'waiting', statistic: 'Maximum', period: PERIOD }),
      ]),
      graph(
        'Escalations begun, levels and chains that nobody answered',
        chains.flatMap((chain) => [
          chain.machine.metricStarted({ label: `begun: ${chain.chainName}`, statistic: 'Sum', period: PERIOD }),
          chain.metricUnacknowledged(),
          chain.metricExhausted(),
        ]),
      ),
    );
    this.dashboard.addWidgets(
      graph(
        'Containments and releases that failed',
        runbookMachines.map((machine) => machine.metricFailed({ statistic: 'Sum', period: PERIOD })),
      ),
      graph(
        'Not delivered',
        deadLetterQueues.map((queue) =>
          queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: PERIOD }),
        ),
      ),
    );
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: WIDTH, height: HEIGHT, leftYAxis: { min: 0, showUnits: false } });
}
