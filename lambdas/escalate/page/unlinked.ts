import { defang, neutralText } from '../../shared/neutral-text';

/** A full stop, and what browsers take for one in a host name. */
const STOP_IN_NAME = /(?<=[\p{L}\p{N}_-])[.\u3002\uff0e\uff61\u2024](?=[\p{L}\p{N}_])/gu;
const AT_IN_NAME = /(?<=[^\s])[@\uff20](?=[^\s])/gu;

/**
 * Text that an attacker may have written, for media that make links of what looks like one: one harmless line in which
 * nothing is clickable. Programs link bare names as well (`evil.zip`, `x@evil.example`), so every stop inside a word
 * goes in brackets, ours to read and nobody's to click. Angle brackets go: chat programs hide links in them.
 */
export function unlinked(text: string, maxLength: number): string {
  return defang(neutralText(text, maxLength))
    .replace(STOP_IN_NAME, '[.]')
    .replace(AT_IN_NAME, '[at]')
    .replace(/</g, '\u2039')
    .replace(/>/g, '\u203a');
}
