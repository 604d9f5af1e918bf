import type { Target } from '../../lib/model/plan';

/**
 * What a runbook's folder under `test/runbooks/` exports as `shapes` from `shapes.ts`: targets for every test that runs
 * over all runbooks (the fault matrix, the plan that changes nothing, twenty at once). Found by its place.
 */
export interface Shape {
  readonly name: string;
  /** There is only one such target in an account: no two at once, and each takes the place of the one before. */
  readonly alone?: boolean;
  /** Makes a new target of this shape in the embedded AWS, under names that nothing else has. */
  readonly arrange: (aws: ShapeAws) => Promise<Arranged>;
}

/**
 * How the embedded AWS is called: `new IAMClient(aws.client)`. The environment names it too, for clients that are made
 * without configuration, and `VAULT_BUCKET` is the vault of the deployment.
 */
export interface ShapeAws {
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}

export interface Arranged {
  readonly target: Target;
  /**
   * The truth about the target, read from the API by calls of the test's own: everything that the runbook changes and
   * declares as `restores`, and keys that `reactivateKeys` gives back; nothing that is `never` or a person's task.
   * Deep-equal after a release to what it was before.
   */
  readonly stateOf: () => Promise<unknown>;
}
