import { z } from 'zod';
import type { Containment } from '../../../lib/model/containment';
import { getUndo } from '../../shared/store/containments';
import type { Table } from '../../shared/store/table';
import type { Actor } from './trace';

/** `contain-administrator` contains whoever made the administrator as well; its undo record says whom. */
const MAKERS = 'contain-makers';
/** It stands in commands that people copy. */
const PRINCIPAL = /^arn:aws[a-z-]*:iam::\d{12}:(?:user|role)\/[\w+=,.@/-]{1,600}$/;
const makers = z.looseObject({
  contained: z.array(z.looseObject({ kind: z.enum(['user', 'role']), arn: z.string().regex(PRINCIPAL) })).max(10),
});

/** Whom a containment stopped: users and roles. Empty where it contains a thing that acts for nobody. */
export async function actorsOf(table: Table, containment: Containment): Promise<Actor[]> {
  const { target } = containment;
  const { kind, account } = target;
  if (kind !== 'user' && kind !== 'role') return [];
  const undo = await getUndo(table, containment.id, containment.generation, MAKERS);
  const { data } = makers.safeParse(undo?.before);
  const others = (data?.contained ?? []).map((one) => ({ kind: one.kind, arn: one.arn, account }));
  return [{ kind, arn: target.id, account }, ...others];
}
