import type { IRawProperty } from 'fast-check';
import { patternProperties } from './pattern';
import { prefilterProperties } from './prefilter';
import { eventProperties } from './events';
import { yamlProperties } from './yaml';

/** By name: properties that must hold for every input. Made anew for each run. */
export type Properties = Readonly<Record<string, IRawProperty<unknown>>>;

/** What `npm run fuzz -- NAME` knows. A target is a file beside this one and a row here. */
export const TARGETS: Readonly<Record<string, () => Properties>> = {
  events: eventProperties,
  yaml: yamlProperties,
  pattern: patternProperties,
  prefilter: prefilterProperties,
};
