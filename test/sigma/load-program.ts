import { Script } from 'node:vm';
import type { Program } from '../../lib/sigma';

/** Loads an emitted module as `require` would. */
export function loadProgram(source: string): Program {
  const exports: { program?: Program } = {};
  new Script(source).runInNewContext({ exports, JSON });
  if (exports.program === undefined) throw new Error('the module exports no program');
  return exports.program;
}
