import type { Command } from 'commander';
import type { ReleaseKind } from '../../lib/model/containment';
import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { RUNBOOKS } from '../../runbooks';
import type { Io } from '../io';
import { type JsonOptions, withJson } from '../options';
import { columns, print } from '../print';

export function registerRunbookList(parent: Command, io: Io): void {
  withJson(
    parent.command('list').description('all runbooks: what they contain, and how each action is taken back'),
  ).action((options: JsonOptions) => {
    print(io, options, RUNBOOKS, () => RUNBOOKS.flatMap((facts) => described(facts, io)));
  });
}

export const RELEASE_TEXT: Readonly<Record<ReleaseKind, string>> = {
  restores: 'is restored',
  manual: 'becomes a task',
  never: 'cannot be taken back',
};

function described(facts: RunbookFacts, io: Io): string[] {
  const { bold, dim } = io.colours;
  return [
    `${bold(facts.id)}  contains: ${facts.target}  ${dim(facts.attack.join(' '))}`,
    facts.summary,
    ...columns(
      facts.actions.map(({ title, release }, i) => [`  ${i + 1}.`, title, RELEASE_TEXT[release]]),
      (cell, column) => (column === 2 ? dim(cell) : cell),
    ),
    '',
  ];
}
