import type { Command } from 'commander';
import { reachable } from '../local/embedded-aws';
import { Firebreak } from './ask';
import { acknowledgeEndpoint } from './doctor/acknowledge-endpoint';
import { alarms } from './doctor/alarms';
import { approvals } from './doctor/approvals';
import { brake } from './doctor/brake';
import { canary } from './doctor/canary';
import { chains } from './doctor/chains';
import type { Check, CheckResult, Patient, Verdict } from './doctor/check';
import { deadLetters } from './doctor/dead-letters';
import { exercise } from './doctor/exercise';
import { filters } from './doctor/filters';
import { guardDuty } from './doctor/guard-duty';
import { handOvers } from './doctor/hand-overs';
import { machines } from './doctor/machines';
import { onCall } from './doctor/on-call';
import { originationNumbers } from './doctor/origination-numbers';
import { sms } from './doctor/sms';
import { stackStatus } from './doctor/stack-status';
import { subscriptions } from './doctor/subscriptions';
import { suppressed } from './doctor/suppressed';
import { trail } from './doctor/trail';
import { explainError } from './explain-error';
import type { Io } from './io';
import { type AwsOptions, withAws } from './options';
import { print, safe } from './print';

export const CHECKS: readonly Check[] = [
  stackStatus,
  exercise,
  canary,
  alarms,
  brake,
  onCall,
  trail,
  filters,
  guardDuty,
  machines,
  deadLetters,
  handOvers,
  chains,
  approvals,
  suppressed,
  subscriptions,
  sms,
  originationNumbers,
  acknowledgeEndpoint,
];

/** `firebreak doctor`: is the deployed stack able to respond right now? Exit code 1 where something is bad. */
export function registerDoctor(program: Command, io: Io): void {
  withAws(program.command('doctor').description('is the deployed stack able to respond right now?')).action(
    async (options: AwsOptions) => {
      const firebreak = await Firebreak.find(options, io);
      const endpoint = io.env.AWS_ENDPOINT_URL;
      const reach = (url: string): string => (endpoint === undefined ? url : reachable(endpoint, url));
      const patient = { firebreak, stack: firebreak.stack, aws: firebreak.aws, reach };
      const checks = await Promise.all(CHECKS.map((check) => examine(check, patient, io)));
      print(io, options, { stack: firebreak.stack.name, healthy: !checks.some(isBad), checks }, () => page(checks, io));
      if (checks.some(isBad)) io.exitCode = 1;
    },
  );
}

/** A check that cannot be made is unknown, never ok. */
export async function examine(check: Check, patient: Patient, io: Pick<Io, 'env'>): Promise<CheckResult> {
  try {
    const { verdict, observed, remedy = '' } = await check.look(patient);
    return { name: check.name, verdict, observed, remedy };
  } catch (error) {
    const remedy = 'this could not be looked at; grant the right, or look at it by hand';
    return { name: check.name, verdict: 'unknown', observed: explainError(error, io.env), remedy };
  }
}

const isBad = ({ verdict }: CheckResult): boolean => verdict === 'bad';

function page(checks: readonly CheckResult[], io: Io): string[] {
  const { dim, green, red, yellow } = io.colours;
  const paint: Readonly<Record<Verdict, (text: string) => string>> = {
    ok: green,
    warning: yellow,
    bad: red,
    unknown: yellow,
  };
  return checks.flatMap(({ name, verdict, observed, remedy }) => [
    `${paint[verdict](verdict.padEnd(8))} ${name}: ${safe(observed, 500)}`,
    ...(remedy === '' ? [] : [dim(`         ${remedy}`)]),
  ]);
}
