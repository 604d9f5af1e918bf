import { PROGRAM_VERSION, type Program } from '../../../lib/sigma/compiled-rules';

/** Stands in for the compiled rules, which the construct writes beside the bundle as `program.js` at synth. */
export const program: Program = { version: PROGRAM_VERSION, rules: [] };
