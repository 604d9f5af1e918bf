import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  ContainmentStage,
  DisableAccessKeyRunbook,
  EvidenceVault,
  GuardRails,
  IncidentStore,
  IsolateInstanceRunbook,
  type ContainmentRunbook,
  type GuardRailsProps,
} from '../../lib';

/** The contain stage by itself, in a stack of a known account and Region. */
export function containStack(guardRails: GuardRailsProps = {}, runbooks?: (stack: Stack) => ContainmentRunbook[]) {
  const stack = new Stack(new App(), 'Home', { env: { account: '111122223333', region: 'eu-central-1' } });
  const stage = new ContainmentStage(stack, 'Containment', {
    store: new IncidentStore(stack, 'Store'),
    vault: new EvidenceVault(stack, 'Vault'),
    guardRails: new GuardRails(guardRails),
    runbooks: runbooks?.(stack) ?? [
      new DisableAccessKeyRunbook(stack, 'DisableAccessKey'),
      new IsolateInstanceRunbook(stack, 'IsolateInstance'),
    ],
  });
  return { stack, stage, template: () => Template.fromStack(stack) };
}
