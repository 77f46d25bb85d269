/** @import { DecisionView } from "../types.js" */
import { t } from "../i18n.js";
import { beat } from "../models/clock.js";
import { details } from "../models/why.js";
import { html } from "../ui.js";
import { Icon } from "./icon.js";
import { Units } from "./units.js";

/**
 * A whole decision: what was asked for, who was looked at, by which rules.
 * @param {{ decision: DecisionView, id?: string, label?: string, class?: string, children?: any }} props
 */
export function WhyCard({ decision, id, label, class: more, children }) {
  const all = details(decision, beat.value);
  return html`<div class=${`why ${more ?? ""}`} id=${id} role="group" aria-label=${label ?? t("why.title")}>
    ${children}
    <dl class="asked">${all.needs.map((one) => html`<div key=${one.name}><dt>${one.name}</dt><dd>${one.words}</dd></div>`)}</dl>
    ${all.candidates.length > 0 && html`<ol aria-label=${t("why.candidates")}>${all.candidates.map(candidate)}</ol>`}
    ${all.others.length > 0 && html`<p>${t("why.others")}: ${all.others.join("; ")}</p>`}
    ${all.tie && html`<p>${all.tie}</p>`}
    ${all.relaxed && html`<p>${all.relaxed}</p>`}
    <p>${all.rules}</p>
    ${all.again && html`<p class="again"><${Icon} name="refresh" small />${all.again}</p>`}
  </div>`;
}

/** @param {import("../models/why.js").CandidateLine} one */
function candidate({ agent, chosen, words, used, capacity, out }) {
  return html`<li key=${agent.id} class=${chosen ? "chosen" : out ? "out" : ""}>
    <span class="who" title=${agent.name}>${agent.name}</span><${Units} used=${used} capacity=${capacity} off=${out} /><span class="words">${words}</span></li>`;
}
