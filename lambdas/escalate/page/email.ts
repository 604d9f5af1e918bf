import { markExercise } from '../../../lib/model/exercise';
import { exerciseLines } from '../../shared/exercise';
import { neutralText } from '../../shared/neutral-text';
import type { ApprovalLine } from './approval-lines';
import type { PageContent } from './content';
import { unlinked } from './unlinked';

/** Characters that SNS takes as a subject: ASCII, no line breaks (API reference of Publish). */
export const MAX_SUBJECT = 100;
const MAX_LINE = 300;

export interface EmailPage {
  readonly subject: string;
  readonly text: string;
}

export function emailPage(page: PageContent): EmailPage {
  return { subject: emailSubject(page), text: emailText(page) };
}

/** `[SEV1] title (inc-…)`, in ASCII; an exercise says so first. */
export function emailSubject(page: Pick<PageContent, 'severity' | 'incidentId' | 'title' | 'exercise'>): string {
  const before = markExercise(`[${page.severity}] `, page.exercise);
  const after = ` (${page.incidentId})`;
  const title = unlinked(neutralText(page.title, MAX_SUBJECT).normalize('NFKD').replace(/\p{M}/gu, ''), MAX_SUBJECT)
    .replace(/[^ -~]/gu, '?')
    .slice(0, MAX_SUBJECT - before.length - after.length);
  return `${before}${title}${after}`;
}

function emailText(page: PageContent): string {
  const says = (text: string) => unlinked(text, MAX_LINE);
  const lines = [
    ...exerciseLines(page.exercise).map(says),
    `${page.severity}: ${says(page.title)}`,
    `Incident ${page.incidentId} in account ${says(page.account)}, ${says(page.region)}, opened ${page.openedAt}`,
    '',
    ...page.approvals.flatMap((line) => approvalText(line)),
    'Acknowledge it. This opens a page that asks for your name:',
    page.link,
    `or: ${page.command}`,
    '',
    'What Firebreak did:',
    ...(page.containments.length === 0 ? ['- nothing: no runbook is planned for this incident'] : []),
    ...page.containments.map(
      ({ words, runbook, target, reason }) =>
        `- ${words}: ${says(runbook)} on ${says(target.kind)} ${says(target.id)}${reason === undefined ? '' : ` (${says(reason)})`}`,
    ),
    ...section(
      'What is new:',
      page.news.map((text) => `- ${says(text)}`),
    ),
    ...section(
      'About:',
      page.entities.map(({ role, kind, id }) => `- ${role}: ${kind} ${says(id)}`),
    ),
    '',
    `Level '${page.level}' of escalation chain '${page.chain}', attempt ${page.attempt}, page ${page.round}. ${page.pageId}`,
    'Dots and addresses are written [.] and [at], because an attacker may have chosen them: never follow them.',
  ];
  return `${lines.join('\n')}\n`;
}

function approvalText(line: ApprovalLine): string[] {
  return [
    `APPROVE OR DECLINE until ${line.until}: ${unlinked(line.subject, MAX_LINE)}, ${line.changes} change(s).`,
    `Why you are asked: ${unlinked(line.why, MAX_LINE)}`,
    ...(line.link === undefined
      ? ['Others were asked to decide it.']
      : ['This opens the plan, and a form to decide:', line.link]),
    `or: ${line.command}`,
    '',
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}
