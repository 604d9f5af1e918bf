import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { Incident } from '../../../lib/model/incident';
import { MAX_NAME } from '../../shared/acknowledge';
import { neutralText } from '../../shared/neutral-text';

const STYLE = `
:root { color-scheme: light dark; }
body { font: 1.125rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 34rem; padding: 1.5rem; }
h1 { font-size: 1.375rem; line-height: 1.3; overflow-wrap: anywhere; }
dl { display: grid; gap: .25rem 1rem; grid-template-columns: auto 1fr; }
dt { opacity: .75; }
dd { margin: 0; overflow-wrap: anywhere; }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input { padding: .75rem; margin: .25rem 0 1rem; }
button { padding: .875rem; font-weight: 600; cursor: pointer; }
[role=alert] { border-inline-start: .25rem solid; padding-inline-start: .75rem; }
`;

/** To the letter: the policy knows it by its hash. */
const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`);

/** What the content security policy lets through. */
export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

type Html = ReturnType<typeof html>;

/** One page for every link that cannot be used. */
export async function notValid(): Promise<string> {
  return page(
    'This link is not valid',
    html`<h1>This link is not valid</h1>
      <p>
        It may have expired, it may have been used, or it is not complete. Open the newest page that you were sent, or
        ask whoever deployed Firebreak: <code>firebreak incident list</code>.
      </p>`,
  );
}

/** An incident, with the form where it can be acknowledged. `problem` says why the form is shown again. */
export async function show(incident: Incident, problem?: string): Promise<string> {
  const title = neutralText(incident.title, 300);
  return page(
    `${incident.severity}: ${title}`,
    html`<h1>${incident.severity}: ${title}</h1>
      <dl>
        <dt>Status</dt>
        <dd>${status(incident)}</dd>
        <dt>Incident</dt>
        <dd>${incident.id}</dd>
        <dt>Account</dt>
        <dd>${neutralText(incident.account, 50)}, ${neutralText(incident.region, 50)}</dd>
        <dt>Opened</dt>
        <dd><time datetime="${incident.openedAt}">${incident.openedAt}</time></dd>
        <dt>Alerts</dt>
        <dd>${String(incident.alertCount)}</dd>
      </dl>
      ${isOpen(incident) ? form(problem) : ''}`,
  );
}

function isOpen(incident: Incident): boolean {
  return incident.status === 'open' && !incident.acknowledgement;
}

function status(incident: Incident): string {
  const { acknowledgement } = incident;
  const acknowledged =
    acknowledgement && `acknowledged by ${neutralText(acknowledgement.by, MAX_NAME)} at ${acknowledgement.at}`;
  if (incident.status === 'merged') return `merged into ${incident.mergedInto ?? 'another'}`;
  if (incident.status === 'closed') return acknowledged ? `closed; it was ${acknowledged}` : 'closed';
  return acknowledged ?? 'open, nobody has acknowledged';
}

function form(problem: string | undefined): Html {
  return html`<form method="post">
    ${problem === undefined ? '' : html`<p role="alert" id="problem">${problem}</p>`}
    <label for="name">Your name</label>
    <input
      id="name"
      name="name"
      type="text"
      required
      maxlength="${String(MAX_NAME)}"
      autocomplete="name"
      ${problem === undefined ? '' : raw('aria-describedby="problem"')}
    />
    <button type="submit">I take care of it</button>
    <p>This stops further pages. It does not stop containment.</p>
  </form>`;
}

async function page(title: string, body: Html): Promise<string> {
  const document = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} - Firebreak</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>${await body}</main>
      </body>
    </html>`;
  return document.toString();
}
