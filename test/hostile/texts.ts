import { HOSTILE } from '../report/hostile';

/** What attackers write, for every medium: the list of the report, and what mail, chat, pagers and terminals would make of text. */
export const TEXTS: readonly { readonly what: string; readonly text: string }[] = [
  ...HOSTILE,
  { what: 'a link of Slack', text: '<https://evil.example|Acknowledge>' },
  { what: 'a call of everybody', text: '<!channel> <!here> <@U0123456> @channel' },
  { what: 'formats of Slack', text: '*bold* _it_ ~no~ `code` :fire:' },
  { what: 'a mention of Teams', text: '<at>everybody</at> {{DATE(2026-11-21)}} [x](https://evil.example)' },
  { what: 'a template of a workflow', text: "@{triggerBody()?['secret']} ${$root.secret}" },
  { what: 'a format string', text: '%s%n%x {0} {} $(id) `id` \\u0041' },
  { what: 'a formula', text: '=HYPERLINK("https://evil.example","x")+cmd|\'/C calc\'!A0' },
  { what: 'null bytes', text: 'a\u0000b\u0000' },
  { what: 'half of a pair', text: 'a\ud800b\udc00' },
  { what: 'line and paragraph separators', text: 'x\u2028Subject: owned\u2029y' },
  { what: 'a forged line', text: 'x\r\nSEV4: all is well\r\nBcc: boss@evil.example\n' },
  { what: 'a link of a terminal', text: '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\' },
  { what: 'a one-byte terminal sequence', text: '\u009b2J\u009b31mgone' },
  { what: 'isolates and marks of direction', text: '\u2066a\u2069\u200f\u202btxt\u202c' },
  { what: 'characters that SQS refuses', text: '\uffff\ufffe' },
  { what: 'JSON that ends', text: '"},"event_action":"resolve","x":{"y":"' },
  { what: '100 KB', text: 'https://evil.example/ '.repeat(5_000) },
  { what: '100 KB of emoji', text: '\u{1f525}'.repeat(25_000) },
  { what: 'emoji that a limit cuts in two', text: `x${'\u{1f525}'.repeat(25_000)}` },
];

/** Control characters but the line feed, directions, invisible separators: never in anything that a person is shown. */
export const INVISIBLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]/;
/** What mail and chat programs make a link of. */
export const CLICKABLE = /https?:\/\/evil|evil\.example|boss@/i;

/** No half of a pair: what has one cannot be sent as UTF-8. */
export function wellFormed(text: string): boolean {
  return Buffer.from(text, 'utf8').toString('utf8') === text;
}
