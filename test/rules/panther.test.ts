import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readRuleFiles } from '../../lib/detect/rule-files';
import type { JsonObject } from '../../lib/model/json';
import { compileRules, Matcher } from '../../lib/sigma';
import { corpusLines, describeCorpus } from '../sigma/corpus';
import { CLOUDTRAIL } from '../sigma/one-rule';

/** Precision and recall against somebody else's labels. rules/README.md explains the differences. */
describeCorpus('our rules on the records of Panther', () => {
  const matcher = new Matcher(compileRules(readRuleFiles(join(__dirname, '..', '..', 'rules'))).program);
  const counts = { truePositive: 0, falseNegative: 0, falsePositive: 0, trueNegative: 0 };
  for (const { expected, log } of corpusLines('events/panther-cloudtrail-tests.jsonl')) {
    // Single records: correlations have nothing to count here.
    const matched = matcher.match(log as JsonObject, CLOUDTRAIL).some(({ rule }) => rule.silent !== true);
    if (expected) counts[matched ? 'truePositive' : 'falseNegative']++;
    else counts[matched ? 'falsePositive' : 'trueNegative']++;
  }

  test('are as exact as the README says', () => {
    expect(counts).toEqual({ truePositive: 52, falseNegative: 51, falsePositive: 10, trueNegative: 120 });
  });
});
