import { html } from "../ui.js";

/** @param {{ routing: import("../types.js").RoutingView }} props */
export function RoutingRules({ routing }) {
  return html`<div class="rules">${(routing.draft ?? routing.live).rules.map((rule) => html`<p key=${rule.id}>${rule.name}</p>`)}</div>`;
}
