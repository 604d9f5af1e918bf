import { Annotations, CfnResource, Stack } from 'aws-cdk-lib';
import { quietMonth, type QuietMonth } from './quiet-month';
import type { TemplateResource } from './template-resource';

/** What a stack costs while nothing happens, told by the CDK at synth. */
export class CostEstimate {
  /**
   * Has the CDK say at each synth what a stack costs in a month in which nothing happens, in USD, with what makes the sum: list
   * prices of us-east-1 (`lib/cost/prices.ts`), no free tier taken off. Whatever else is in the stack and in stacks nested in it is
   * counted, too; what no price is known of is named. What is used comes on top: log events, incidents, messages, what lies in the
   * vault.
   *
   * @param stack - Firebreak's, or any other
   */
  public static show(stack: Stack): void {
    // Validation is the one step of a synth after aspects, which may still add resources.
    stack.node.addValidation({
      validate: () => {
        Annotations.of(stack).addInfoV2('firebreak:cost', inWords(quietMonth(resourcesOf(stack))));
        return [];
      },
    });
  }

  private constructor() {}
}

/** As they stand in the templates. */
function resourcesOf(stack: Stack): TemplateResource[] {
  const all = stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
  return all
    .filter((resource) => isIn(Stack.of(resource), stack))
    .flatMap((resource) => {
      const { Resources } = Stack.of(resource).resolve(resource._toCloudFormation()) as {
        Resources?: Readonly<Record<string, TemplateResource>>;
      };
      return Object.values(Resources ?? {});
    });
}

function isIn(own: Stack, stack: Stack): boolean {
  return own === stack || (own.nestedStackParent !== undefined && isIn(own.nestedStackParent, stack));
}

function inWords({ lines, usd, unknown }: QuietMonth): string {
  const parts = lines.map(({ what, count, usd: each }) => `${what} ${each.toFixed(2)} (${count})`);
  const rest = [...unknown].map(([type, count]) => `${type} (${count})`);
  return (
    `costs about ${usd.toFixed(2)} USD a month while nothing happens${parts.length > 0 ? `: ${parts.join(', ')}` : ''}. ` +
    'List prices of us-east-1, no free tier taken off; what is used comes on top.' +
    (rest.length > 0 ? ` No price is known for ${rest.join(', ')}.` : '')
  );
}
