import type { ReportedCause } from './report';

const QUESTIONS = [
  'How did they get in: which weakness, which credential, whose change?',
  'What made it possible that it went as far as it did?',
  'Why was it not prevented, and why was it seen when it was and not before?',
  'What did they reach, and which data left?',
  'What worked, what did not, and what was luck?',
] as const;

/** What no timeline knows: the cause. People answer it in the review (within 5 business days for SEV1 and SEV2). */
export function causesToFill(): ReportedCause[] {
  return QUESTIONS.map((question) => ({ question, answer: null }));
}
