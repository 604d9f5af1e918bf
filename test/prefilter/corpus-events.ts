import { join } from 'node:path';
import { readRuleFiles } from '../../lib/detect/rule-files';
import { isJsonObject, type JsonObject } from '../../lib/model/json';
import { compileRules, type Program } from '../../lib/sigma';
import { corpusFiles, corpusLines } from '../sigma/corpus';

/** All CloudTrail records of the corpus, with where they are from. */
export function corpusEvents(): { readonly noise: JsonObject[]; readonly all: JsonObject[] } {
  const noise = corpusLines('events/cloudtrail-noise.jsonl');
  const inner = (path: string, key: string): JsonObject[] =>
    corpusLines(path).flatMap((line) => (isJsonObject(line[key]) ? [line[key]] : []));
  const all = [
    ...noise,
    ...inner('events/stratus-detonations.jsonl', 'event'),
    ...inner('events/panther-cloudtrail-tests.jsonl', 'log'),
    ...corpusLines('events/cloudtrail-custodian.jsonl'),
  ];
  return { noise, all };
}

export function awsRules(): Program {
  return compileRules(corpusFiles('sigma/aws', '.yml')).program;
}

export function ourRules(): Program {
  return compileRules(readRuleFiles(join(__dirname, '..', '..', 'rules'))).program;
}
