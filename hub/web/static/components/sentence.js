/** @import { Rule } from "../types.js" */
import { names } from "../models/routing.js";
import { sentence } from "../models/sentence.js";
import { html } from "../ui.js";

/** A rule as people read it. @param {{ rule: Rule }} props */
export function Sentence({ rule }) {
  return html`<p class="sentence">${sentence(rule, names.value).map(({ text, strong }) => (strong ? html`<b>${text}</b>` : text))}</p>`;
}
