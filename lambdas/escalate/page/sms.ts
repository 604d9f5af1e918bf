import { markExercise } from '../../../lib/model/exercise';
import { neutralText } from '../../shared/neutral-text';
import type { PageContent } from './content';

/** Septets of one message in GSM 7-bit (3GPP TS 23.038); a longer one is sent, and paid, as several. */
export const ONE_SMS = 160;
/** A title shorter than this says nothing: then it is two messages. */
const MIN_TITLE = 20;

const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENSION = '^{}\\[~]|€';

/** How many septets a text takes; undefined where it has a character that GSM 7-bit has not. */
export function septets(text: string): number | undefined {
  let count = 0;
  for (const character of text) {
    if (BASIC.includes(character)) count += 1;
    else if (EXTENSION.includes(character)) count += 2;
    else return undefined;
  }
  return count;
}

/** Links to decide by: more would be more than ten messages, which is what SNS sends as one. */
const MAX_APPROVALS = 5;

/**
 * `SEV1 <title> inc-… <link>`: one message where the link leaves room for a title. What waits for approval goes before
 * it, each with its link. An exercise says only that it is one: the sentence would cost the title.
 */
export function smsPage(page: PageContent): string {
  const links = page.approvals.flatMap(({ link }) => link ?? []);
  const shown = links.slice(0, MAX_APPROVALS).map((link) => `Approve? ${link} `);
  const more = links.length > shown.length ? `(+${links.length - shown.length} by firebreak incident show) ` : '';
  const before = markExercise(`${page.severity} ${shown.join('')}${more}`, page.exercise);
  const after = ` ${page.incidentId} ${page.link}`;
  const room = ONE_SMS - before.length - (septets(after) ?? after.length);
  return `${before}${cut(plain(page.title), Math.max(room, MIN_TITLE))}${after}`;
}

/** Only letters that need no extension, nothing that a phone makes a link of. */
function plain(title: string): string {
  return Array.from(neutralText(title, 200).normalize('NFKD').replace(/\p{M}/gu, ''))
    .map((character) => (BASIC.includes(character) ? character : '?'))
    .join('')
    .replace(/:\/\//g, '(:)//')
    .replace(/(?<=[\w-])\.(?=\w)/g, '(.)')
    .replace(/(?<=\S)@(?=\S)/g, '(at)')
    .replace(/[<>]/g, "'")
    .trim();
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 2).trimEnd()}..`;
}
