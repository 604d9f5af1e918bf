import type { Incident } from '../../../lib/model/incident';
import { MAX_NAME } from '../../shared/acknowledge';
import { html, trusted, type Html } from '../../shared/html';
import { neutralText } from '../../shared/neutral-text';
import { page } from '../links/page';

export interface AcknowledgePage {
  readonly incident: Incident;
  /** What the deployment says that it rehearses. */
  readonly exercise?: string;
  /** Why the form is shown again. */
  readonly problem?: string;
}

/** An incident, with the form where it can be acknowledged. */
export function show({ incident, exercise, problem }: AcknowledgePage): string {
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
    exercise,
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
      class="field"
      required
      maxlength="${String(MAX_NAME)}"
      autocomplete="name"
      ${problem === undefined ? '' : trusted('aria-describedby="problem"')}
    />
    <button type="submit">I take care of it</button>
    <p>This stops further pages. It does not stop containment.</p>
  </form>`;
}
