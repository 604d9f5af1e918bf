import { assertNever } from '../../../lib/model/assert-never';
import type { Approval, PlannedStep } from '../../../lib/model/approval';
import type { ReleaseKind } from '../../../lib/model/containment';
import type { Incident } from '../../../lib/model/incident';
import { MAX_NAME } from '../../shared/acknowledge';
import { MAX_REASON } from '../../shared/approvals/decide-approval';
import { whyUndecidable } from '../../shared/approvals/undecidable';
import { html, trusted, type Html } from '../../shared/html';
import { neutralText } from '../../shared/neutral-text';
import type { TokenRecord } from '../../shared/store/tokens';
import { page } from '../links/page';

export interface ApprovePage {
  readonly token: TokenRecord;
  readonly approval: Approval;
  readonly incident: Incident;
  readonly now: Date;
  /** What the deployment says that it rehearses. */
  readonly exercise?: string;
  /** Why the form is shown again. */
  readonly problem?: string;
  /** Why this person cannot decide, where the approval itself does not say it. */
  readonly closed?: string;
}

/** The plan, and the form by which it is approved or declined. */
export function show({ token, approval, incident, now, exercise, problem, closed }: ApprovePage): string {
  const { plan } = approval;
  const target = `${plan.target.kind} ${neutralText(plan.target.id, 300)}`;
  const over = closed ?? whyUndecidable(approval, incident, now);
  return page(
    `${over === undefined ? 'Approve' : 'Decided'}: ${plan.title}`,
    html`<h1>${over === undefined ? 'May Firebreak do this?' : 'This is decided'} ${plan.title}: ${target}</h1>
      ${over === undefined ? '' : html`<p role="status">${sentence(neutralText(over, 700))}</p>`}
      <dl>
        <dt>Incident</dt>
        <dd>${incident.severity}: ${neutralText(incident.title, 300)} (${incident.id})</dd>
        <dt>Account</dt>
        <dd>${neutralText(plan.target.account, 50)}, ${neutralText(plan.target.region, 50)}</dd>
        <dt>Why you are asked</dt>
        <dd>${sentence(neutralText(approval.why, 1500))}</dd>
        <dt>Asked as</dt>
        <dd>${neutralText(token.recipient, 100)}</dd>
        ${over === undefined ? deadline(approval, incident) : ''}
      </dl>
      ${over === undefined ? form(problem) : ''}
      <h2>What it would change</h2>
      <ol>
        ${plan.steps.map(stepItem)}
      </ol>
      ${
        plan.limits.length === 0
          ? ''
          : html`<h2>What it cannot do</h2>
              <ul>
                ${plan.limits.map((limit) => html`<li>${limit}</li> `)}
              </ul>`
      }
      <p>
        Plan <code>${approval.planHash}</code>. If anything of it changes before it is carried out, you are asked again.
      </p>`,
    exercise,
  );
}

function deadline(approval: Approval, incident: Incident): Html {
  const what = approval.settings.onTimeout[incident.severity];
  const then = { escalate: 'the next level is asked', contain: 'it is contained', abort: 'it is not contained' }[what];
  return html`<dt>Until</dt>
    <dd><time datetime="${approval.expiresAt}">${approval.expiresAt}</time>; then ${then}</dd>`;
}

function stepItem({ title, release, task, changes, problem }: PlannedStep): Html {
  return html`<li>
    <h3>${title}</h3>
    ${problem === undefined ? '' : html`<p role="note">It could not be planned: ${neutralText(problem, 300)}</p>`}
    ${changes.map(
      ({ call, resource, from, to }) =>
        html`<p class="change">
          ${neutralText(call, 100)} ${neutralText(resource, 500)}: ${neutralText(from, 1000)} → ${neutralText(to, 1000)}
        </p>`,
    )}
    ${changes.length === 0 && problem === undefined ? html`<p>Nothing to change: it is so already.</p>` : ''}
    <p>${released(release)}${task === undefined ? '' : `: ${task}`}</p>
  </li> `;
}

function released(release: ReleaseKind): string {
  switch (release) {
    case 'restores':
      return 'A release gives back what was before';
    case 'manual':
      return 'After a release a person has to do this by hand';
    case 'never':
      return 'This cannot be taken back';
    default:
      return assertNever(release);
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function form(problem: string | undefined): Html {
  const described = problem === undefined ? '' : trusted('aria-describedby="problem"');
  return html`<form method="post">
    <h2>Your decision</h2>
    ${problem === undefined ? '' : html`<p role="alert" id="problem">${problem}</p>`}
    <fieldset>
      <legend>Decide</legend>
      <label><input type="radio" name="decision" value="approve" required /> Approve: contain it</label>
      <label><input type="radio" name="decision" value="decline" required /> Decline: change nothing</label>
    </fieldset>
    <label for="name">Your name</label>
    <input
      id="name"
      name="name"
      type="text"
      class="field"
      required
      maxlength="${String(MAX_NAME)}"
      autocomplete="name"
      ${described}
    />
    <label for="reason">Why</label>
    <input
      id="reason"
      name="reason"
      type="text"
      class="field"
      required
      maxlength="${String(MAX_REASON)}"
      ${described}
    />
    <button type="submit">Send the decision</button>
    <p>Your name, your reason and this plan go onto the record of the incident.</p>
  </form>`;
}
