/** @import { Change } from "../models/rule-diff.js" */
import { t } from "../i18n.js";
import { html } from "../ui.js";
import { Chip } from "./chip.js";
import { Sentence } from "./sentence.js";

const TONES = /** @type {const} */ ({ added: "green", changed: "gold", removed: "red", moved: "blue" });

/** What two lists of rules have different, in sentences. @param {{ changes: readonly Change[] }} props */
export function RuleChanges({ changes }) {
  if (!changes.length) return html`<p class="muted">${t("routing.what.nothing")}</p>`;
  return html`<ul class="changes">${changes.map((one) => html`<li key=${one.id}><h3>${one.name}<${Chip} tone=${TONES[one.what]}>${t(`routing.what.${one.what}`)}</${Chip}></h3><${Difference} change=${one} /></li>`)}</ul>`;
}

/** @param {{ change: Change }} props */
function Difference({ change: { what, before, after, from, to } }) {
  if (what === "moved") return html`<p>${t("routing.what.moved.text", { from: from + 1, to: to + 1 })}</p>`;
  const small = before && after ? asides(before, after) : [];
  return html`${before && html`<div class="before"><span class="unseen">${t("routing.what.before")}: </span><${Sentence} rule=${before} /></div>`}
    ${after && html`<div class="after"><span class="unseen">${t("routing.what.after")}: </span><${Sentence} rule=${after} /></div>`}
    ${small.length > 0 && html`<p class="aside">${small.join(" · ")}</p>`}`;
}

/** What no sentence says. @param {import("../types.js").Rule} before @param {import("../types.js").Rule} after */
function asides(before, after) {
  const said = [];
  if (before.name !== after.name) said.push(t("routing.what.renamed", { name: before.name }));
  if ((before.enabled !== false) !== (after.enabled !== false))
    said.push(t(after.enabled === false ? "routing.what.off" : "routing.what.on"));
  return said;
}
