import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../lib/model/json';
import { compileRules, explainRules, match } from '../../../lib/sigma';
import { corpusFiles, corpusLines, describeCorpus } from '../corpus';
import { CLOUDTRAIL } from '../one-rule';

describeCorpus('an explanation', () => {
  test('comes to what the matcher says, for every rule on every attack record', () => {
    const records = corpusLines('events/stratus-detonations.jsonl').map(({ event }) => event as JsonObject);
    // One record of each kind of call is enough: an explanation reads the rule again for each.
    const kinds = [...new Map(records.map((record) => [record.eventName, record])).values()];
    for (const file of corpusFiles('sigma/aws', '.yml')) {
      const { program } = compileRules([file]);
      for (const record of kinds) {
        const held = explainRules(file.path, file.text, record).map((rule) => rule.held);
        expect([file.path, record.eventName, held]).toEqual([
          file.path,
          record.eventName,
          [match(program, record, CLOUDTRAIL).length > 0],
        ]);
      }
    }
  });
});
