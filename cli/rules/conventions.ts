import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { AboutRule } from '../../lib/sigma/compiled-rules';
import type { Compiled } from '../../lib/sigma/compile';
import type { Problem } from '../../lib/sigma/problems';

/** What our own rules also are: readable by somebody at three in the morning, and shown to work. */
const CONVENTIONS: readonly { readonly message: string; readonly broken: (rule: AboutRule) => boolean }[] = [
  { message: "'author' is missing", broken: ({ author }) => author === '' },
  {
    message: "'description' is missing: say what happened and why it matters",
    broken: ({ description }) => description === '',
  },
  {
    message: 'no ATT&CK tag (attack.t1234, or attack.<tactic> where it is about many)',
    broken: ({ tags }) => !tags.some((tag) => /^attack\.(?:t\d{4}|[a-z-]+)/.test(tag)),
  },
  {
    message: "'falsepositives' is missing: name what is harmless and looks the same",
    broken: ({ falsepositives }) => falsepositives.length === 0,
  },
  {
    message: 'the title is longer than 70 characters, and is a subject line of pages',
    broken: ({ title }) => title.length > 70,
  },
  {
    message: 'a rule that is only counted is informational',
    broken: ({ silent, level }) => silent === true && level !== 'informational',
  },
];

/** Breaches of the conventions of `rules/`; an empty list where all is well. */
export function checkConventions({ program, origins }: Compiled, examplesOf: (path: string) => string): Problem[] {
  const rules: readonly AboutRule[] = [...program.rules, ...(program.correlations ?? [])];
  const broken = rules.flatMap((rule) => {
    const origin = origins.get(rule.id);
    return CONVENTIONS.filter((convention) => convention.broken(rule)).map(({ message }) => ({
      path: origin?.path ?? '',
      line: origin?.line ?? 1,
      column: 1,
      message: `convention: ${message}`,
    }));
  });
  const files = [...new Set([...origins.values()].map(({ path }) => path))];
  const named = files.filter((path) => !/^[a-z0-9]+(?:-[a-z0-9]+)*\.ya?ml$/.test(basename(path)));
  const alone = files.filter((path) => !existsSync(examplesOf(path)));
  const whole = (path: string, message: string): Problem => ({
    path,
    line: 1,
    column: 1,
    message: `convention: ${message}`,
  });
  return [
    ...broken,
    ...named.map((path) => whole(path, 'file names are lower case with hyphens')),
    ...alone.map((path) => whole(path, 'has no examples beside it (<rule>.examples.json)')),
  ];
}
