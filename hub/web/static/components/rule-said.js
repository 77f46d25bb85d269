/** @import { Fault } from "../types.js" */
import { has, t } from "../i18n.js";
import { html } from "../ui.js";
import { Icon } from "./icon.js";

/** Not wrong, only not finished yet: said calmly. */
const UNFINISHED = new Set(["missing", "no_name"]);

/** @param {Fault} fault */
export const unfinished = (fault) => UNFINISHED.has(fault.code);

/** @param {Fault} fault */
export function faultInWords({ code, params, message }) {
  const key = [`fault.${code}.${params.what}`, `fault.${code}`].find(has);
  return key ? t(key, params) : message;
}

/**
 * What is wrong at a place of a rule, and what probably is, with the name that was meant as one click.
 * @param {{ id: string, faults: Fault[], warnings: Fault[], suggest?: (warning: Fault) => void }} props
 */
export function Said({ id, faults, warnings, suggest }) {
  if (!faults.length && !warnings.length) return null;
  return html`<ul class="said" id=${id}>
    ${faults.map(
      (one) => html`<li key=${`${one.path} ${one.code}`} class=${unfinished(one) ? "unfinished" : "wrong"}>
      <${Icon} name=${unfinished(one) ? "dashed" : "error"} small /><span>${faultInWords(one)}</span></li>`,
    )}
    ${warnings.map(
      (
        one,
      ) => html`<li key=${`${one.path} ${one.code}`} class="doubt"><${Icon} name="alert" small /><span>${faultInWords(one)}</span>
      ${one.params.near && suggest && html`<button type="button" class="btn small soft" onClick=${() => suggest(one)}>${t("rule.suggest", { name: one.params.near })}</button>`}</li>`,
    )}
  </ul>`;
}
