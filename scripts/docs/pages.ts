import { join } from 'node:path';
import { schemaText } from '../../config/json-schema';
import { reportSchemaText } from '../../config/report-schema';
import { RUNBOOKS } from '../../runbooks';
import { ruleCatalogue } from './rule-catalogue';
import { runbookCatalogue } from './runbook-catalogue';
import { recordedRuns } from './runbook-policies';

/** Every file that is made from code, by its path; a test holds them against what is committed. */
export function generatedPages(root: string): Readonly<Record<string, string>> {
  return {
    'config/firebreak.schema.json': schemaText(),
    'config/report.schema.json': reportSchemaText(),
    'docs/catalogue/runbooks.md': runbookCatalogue(RUNBOOKS, recordedRuns(root)),
    'docs/catalogue/rules.md': ruleCatalogue(join(root, 'rules')),
  };
}
