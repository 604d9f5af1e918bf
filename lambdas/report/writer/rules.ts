import { LEVELS, type Alert } from '../../../lib/model/alert';
import { at, textAt, type JsonObject } from '../../../lib/model/json';
import type { TimelineRecord } from '../../../lib/model/timeline';
import { neutralText } from '../../shared/neutral-text';
import { recordName } from '../all-records';
import type { ReportedRule, ReportedTechnique } from './report';

/** How many records a statement names: the first ones are enough to find it. */
const MAX_RECORDS = 5;

/** The rules that matched, in order of first match, from the timeline alone. */
export function reportRules(timeline: readonly TimelineRecord[], incidentId: string): ReportedRule[] {
  const byRule = new Map<string, TimelineRecord[]>();
  for (const record of timeline) {
    if (record.kind === 'alert-raised') byRule.set(record.by, [...(byRule.get(record.by) ?? []), record]);
  }
  return [...byRule].map(([id, records]) => {
    const details = records[0]?.details;
    const level = LEVELS.find((known) => known === textAt(details, 'level'));
    return {
      id: neutralText(id, 100),
      title: neutralText(textAt(details, 'title') ?? records[0]?.text ?? id, 200),
      ...(level && { level }),
      alerts: records.length,
      firstAt: textAt(details, 'raisedAt') ?? records[0]?.at ?? '',
      records: records.slice(0, MAX_RECORDS).map((record) => recordName(record, incidentId)),
      techniques: texts(details, 'techniques', 40),
      because: texts(details, 'because', 300),
      via: [...new Set(records.flatMap((record) => textAt(record.details, 'via') ?? []))].map((via) =>
        neutralText(via, 60),
      ),
    };
  });
}

/** ATT&CK techniques; their tactics stand in the alerts, where those are still to be had. */
export function reportTechniques(alerts: readonly Alert[], rules: readonly ReportedRule[]): ReportedTechnique[] {
  const techniques = new Map<string, { tactics: Set<string>; rules: Set<string> }>();
  const note = (id: string, tactic: string | undefined, rule: string) => {
    const technique = techniques.get(id) ?? { tactics: new Set(), rules: new Set() };
    if (tactic !== undefined) technique.tactics.add(neutralText(tactic, 60));
    technique.rules.add(rule);
    techniques.set(id, technique);
  };
  for (const rule of rules) for (const id of rule.techniques) note(id, undefined, rule.title);
  for (const alert of alerts) {
    const rule = neutralText(alert.finding_info.title, 200);
    for (const { technique, tactic } of alert.finding_info.attacks) {
      if (technique) note(neutralText(technique.uid, 40), tactic?.name, rule);
    }
  }
  return [...techniques]
    .map(([id, { tactics, rules }]) => ({ id, tactics: [...tactics], rules: [...rules] }))
    .sort((a, b) => a.id.localeCompare(b.id));
}

function texts(details: JsonObject | undefined, path: string, length: number): string[] {
  const found = at(details, path);
  return Array.isArray(found) ? found.map((text) => neutralText(text, length)) : [];
}
