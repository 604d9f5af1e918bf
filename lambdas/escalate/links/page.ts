import { createHash } from 'node:crypto';
import { exerciseLines } from '../../shared/exercise';
import { html, trusted, type Html } from '../../shared/html';
import { markExercise } from '../../../lib/model/exercise';

const STYLE = `
:root { color-scheme: light dark; }
body { font: 1.125rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 40rem; padding: 1.5rem; }
h1 { font-size: 1.375rem; line-height: 1.3; overflow-wrap: anywhere; }
h2 { font-size: 1.125rem; margin: 1.5rem 0 .25rem; }
h3 { font-size: 1rem; margin: 0; }
dl { display: grid; gap: .25rem 1rem; grid-template-columns: auto minmax(0, 1fr); }
dt { opacity: .8; }
dd, li, p { margin: 0; overflow-wrap: anywhere; }
p { margin: .5rem 0; }
ol, ul { padding-inline-start: 1.5rem; }
ol > li { margin-block: .75rem; }
.change { font: .875rem/1.5 ui-monospace, monospace; }
fieldset { border: 1px solid; margin: 0 0 1rem; padding: .5rem 1rem; }
label, .field, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
fieldset label { padding: .5rem 0; }
.field { padding: .75rem; margin: .25rem 0 1rem; }
button { padding: .875rem; font-weight: 600; cursor: pointer; }
.exercise { border: .1875rem solid; font-weight: 700; margin: 0 0 1.5rem; padding: .5rem .75rem; }
[role=alert] { border-inline-start: .25rem solid; padding-inline-start: .75rem; }
`;

/** To the letter: the policy knows it by its hash. */
const STYLE_ELEMENT = trusted(`<style>${STYLE}</style>`);

/** What the content security policy lets through. */
export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

/**
 * The page behind a link: no script, nothing from elsewhere.
 *
 * @param exercise what the deployment says that it rehearses: whoever decides must know it before anything else.
 */
export function page(title: string, body: Html, exercise?: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${markExercise(title, exercise)} - Firebreak</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>${exerciseLines(exercise).map((line) => html`<p class="exercise" role="note">${line}</p>`)} ${body}</main>
      </body>
    </html>`.toString();
}

/** One page for every link that cannot be used, whatever it was for. */
export function notValid(): string {
  return page(
    'This link is not valid',
    html`<h1>This link is not valid</h1>
      <p>
        It may have expired, it may have been used, or it is not complete. Open the newest page that you were sent, or
        ask whoever deployed Firebreak: <code>firebreak incident list</code>.
      </p>`,
  );
}
