/** @import { RoutingSettings, RoutingView } from "../types.js" */
import { api, asProblem } from "../api.js";
import { Field, SelectField } from "../components/field.js";
import { faultWords, problemWords, t } from "../i18n.js";
import { kindWords } from "../models/channels.js";
import { measureOf } from "../models/measure.js";
import { toast } from "../models/toasts.js";
import { html, useState } from "../ui.js";

/** @typedef {Exclude<keyof RoutingSettings, "hours" | "weights">} Numeric */
/** @typedef {(change: Partial<RoutingSettings>, field: string) => Promise<string | null>} Save what is wrong, in words */

/** As they stand on the page. @type {readonly [string, Numeric[]][]} */
const GROUPS = [
  ["queue", ["priority", "minutes_per_step", "rescue_s"]],
  ["giving", ["offer_s", "ask_again_s", "flood"]],
  ["again", ["sticky_days", "wait_s"]],
];

/** What holds where no team and no rule says otherwise: each is saved when it is left. @param {{ routing: RoutingView, reload: () => Promise<void> }} props */
export function RoutingSettingsForm({ routing, reload }) {
  const { settings, limits } = routing;
  /** @type {Save} */
  const save = async (change, field) => {
    try {
      await api.changeSettings(change);
      await reload();
      toast(t("saved"));
      return null;
    } catch (error) {
      const problem = asProblem(error);
      return faultWords(problem, field) ?? problemWords(problem);
    }
  };
  /** @param {Numeric} name */
  const setting = (
    name,
  ) => html`<${NumberSetting} key=${name} label=${t(`routing.settings.${name}`)} hint=${t(`routing.settings.${name}.hint`)}
    value=${settings[name]} measure=${measureOf(name, settings[name], limits[name])} save=${(/** @type {number} */ to) => save({ [name]: to }, name)} />`;
  return html`<div class="card-body settings-form">
    <div class="settings-row"><${CompanyHours} routing=${routing} save=${save} /></div>
    ${GROUPS.map(
      ([group, names]) => html`<fieldset key=${group}><legend>${t(`routing.settings.${group}`)}</legend>
        <div class="settings-row">${names.map(setting)}</div></fieldset>`,
    )}
    <fieldset><legend>${t("teams.weights")}</legend><p class="hint">${t("routing.settings.weights.hint")}</p>
      <div class="settings-row">${kindsOf(routing).map(
        (
          kind,
        ) => html`<${NumberSetting} key=${kind} label=${kindWords(kind)} value=${settings.weights[kind] ?? 1} measure=${measureOf("weights", settings.weights[kind] ?? 1, limits.weights)}
          save=${(/** @type {number} */ to) => save({ weights: { [kind]: to } }, `weights.${kind}`)} />`,
      )}${setting("idle_s")}</div></fieldset>
  </div>`;
}

/** The kinds of the company's channels; before it has any, those that are known. @param {RoutingView} routing */
function kindsOf({ channels, settings }) {
  return channels.length ? [...new Set(channels.map((one) => one.kind))] : Object.keys(settings.weights);
}

/** @param {{ routing: RoutingView, save: Save }} props */
function CompanyHours({ routing, save }) {
  const [wrong, setWrong] = useState(/** @type {string | null} */ (null));
  const options = [
    { value: "", words: t("routing.settings.hours.none") },
    ...routing.hours.map((one) => ({ value: one.id, words: one.name })),
  ];
  /** @param {string} id */
  const change = async (id) => setWrong(await save({ hours: id || null }, "hours"));
  return html`<${SelectField} label=${t("routing.settings.hours")} hint=${t("routing.settings.hours.hint")} value=${routing.settings.hours ?? ""} change=${change} options=${options} error=${wrong} />`;
}

/**
 * A number with its unit. What is out of its limits is said at once and not saved; what is empty goes back.
 * @param {{ label: string, hint?: string, value: number, measure: import("../models/measure.js").Measure, save: (value: number) => Promise<string | null> }} props
 */
function NumberSetting({ label, hint, value, measure: { per, least, most, unit }, save }) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const [refused, setRefused] = useState(/** @type {string | null} */ (null));
  const shown = typed ?? String(value / per);
  const fits = shown === "" || (Number.isInteger(Number(shown)) && Number(shown) >= least && Number(shown) <= most);
  /** @param {any} event */
  const type = (event) => {
    setTyped(event.target.value);
    setRefused(null);
  };
  const changed = async () => {
    if (!fits || !shown) return;
    const wrong = await save(Number(shown) * per);
    setRefused(wrong);
    if (!wrong) setTyped(null);
  };
  const left = () => {
    if (shown === "" || Number(shown) * per === value) setTyped(null);
  };
  return html`<${Field} label=${label} hint=${hint} error=${fits ? refused : t("fault.not_in_range", { least, most })}>
    ${(
      /** @type {any} */ own,
    ) => html`<span class="with-unit"><input ...${own} aria-describedby=${[`${own.id}-unit`, own["aria-describedby"]].filter(Boolean).join(" ")} type="number" step="1" min=${least} max=${most}
      value=${shown} onInput=${type} onChange=${changed} onBlur=${left} /><span id=${`${own.id}-unit`}>${t(unit, { count: Number(shown), most })}</span></span>`}
  </${Field}>`;
}
