/** @import { Rule, RoutingView } from "../types.js" */
import { t } from "../i18n.js";
import { names } from "../models/routing.js";
import { copyOf, shifted, withSuggestion } from "../models/rule-edit.js";
import { changes, edit, editRule, rules, saidOf } from "../models/rulebook.js";
import { say, toast } from "../models/toasts.js";
import { html, useId } from "../ui.js";
import { Button, IconButton } from "./button.js";
import { Chip } from "./chip.js";
import { Icon } from "./icon.js";
import { Menu } from "./menu.js";
import { Said, unfinished } from "./rule-said.js";
import { RuleThen } from "./rule-then.js";
import { RuleWhen } from "./rule-when.js";
import { Sentence } from "./sentence.js";

/**
 * One rule in its place: a sentence, and opened the form that makes it.
 * @param {{ rule: Rule, place: number, routing: RoutingView, open: boolean, toggle: (id: string | null) => void,
 *   grip: Record<string, any>, dragged: boolean }} props
 */
export function RuleCard({ rule, place, routing, open, toggle, grip, dragged }) {
  const id = useId();
  const count = rules.value.length;
  const name = rule.name.trim() || t("rule.unnamed");
  const off = rule.enabled === false;
  const classes = ["rule-card", open && "open", off && "off", dragged && "dragged"].filter(Boolean).join(" ");
  return html`<li class=${classes} data-rule=${rule.id} aria-label=${t("rule.place", { place: place + 1, count })}>
    <button type="button" class="grip" ...${grip} aria-label=${t("rule.grip", { name })} title=${t("rule.grip", { name })}><${Icon} name="grip" /></button>
    <span class="place" aria-hidden="true">${place + 1}</span>
    <div class="body">
      <h2><button type="button" aria-expanded=${String(open)} aria-controls=${open ? id : undefined} onClick=${() => toggle(open ? null : rule.id)}>${name}</button><${Marks} rule=${rule} place=${place} /></h2>
      <${Sentence} rule=${rule} />
      ${open && html`<${RuleForm} id=${id} rule=${rule} place=${place} routing=${routing} done=${() => toggle(null)} />`}
    </div>
    <${RuleMenu} rule=${rule} name=${name} place=${place} toggle=${toggle} />
  </li>`;
}

/** What is to be known about it at a glance. @param {{ rule: Rule, place: number }} props */
function Marks({ rule, place }) {
  const change = changes.value.find((one) => one.id === rule.id);
  const { faults, warnings } = saidOf(place);
  const wrong = faults.filter((fault) => !unfinished(fault)).length;
  return html`<span class="marks">
    ${rule.enabled === false && html`<${Chip} icon="power">${t("rule.off")}</${Chip}>`}
    ${change && html`<${Chip} tone="gold">${t(`routing.what.${change.what}`)}</${Chip}>`}
    ${wrong > 0 && html`<${Chip} tone="red" icon="error">${t("rule.faults", { count: wrong })}</${Chip}>`}
    ${faults.length > wrong && html`<${Chip} icon="dashed">${t("rule.unfinished")}</${Chip}>`}
    ${warnings.length > 0 && html`<${Chip} icon="alert">${t("rule.warnings", { count: warnings.length })}</${Chip}>`}</span>`;
}

/** @param {{ rule: Rule, name: string, place: number, toggle: (id: string | null) => void }} props */
function RuleMenu({ rule, name, place, toggle }) {
  const last = rules.value.length - 1;
  const duplicate = () => {
    const copy = copyOf(rule, t("rule.copy", { name }));
    edit(rules.peek().toSpliced(place + 1, 0, copy));
    toggle(copy.id);
  };
  const items = [
    ...(place > 0 ? [{ words: t("rule.up"), icon: "up", run: () => move(rule, place, place - 1) }] : []),
    ...(place < last ? [{ words: t("rule.down"), icon: "down", run: () => move(rule, place, place + 1) }] : []),
    { words: t("rule.duplicate"), icon: "copy", run: duplicate },
    {
      words: t(rule.enabled === false ? "rule.switch_on" : "rule.switch_off"),
      icon: "power",
      run: () => editRule({ ...rule, enabled: rule.enabled === false }),
    },
    { words: t("rule.remove"), icon: "trash", run: () => remove(rule, name, place) },
  ];
  return html`<${Menu} label=${t("rule.more", { name })} groups=${[{ items }]} align="end" button=${(/** @type {any} */ attributes) => html`<${IconButton} ...${attributes} icon="more" label=${t("rule.more", { name })} class="small" />`} />`;
}

/** To another place; said, for who cannot see it. @param {Rule} rule @param {number} from @param {number} to */
export function move(rule, from, to) {
  const count = rules.peek().length;
  const place = Math.max(0, Math.min(to, count - 1));
  if (place === from) return;
  edit(shifted(rules.peek(), from, place));
  say(t("rule.moved", { name: rule.name, place: place + 1, count }));
}

/** @param {Rule} rule @param {string} name @param {number} place */
function remove(rule, name, place) {
  edit(rules.peek().filter((one) => one.id !== rule.id));
  const back = () => edit(rules.peek().toSpliced(place, 0, rule));
  toast(t("rule.removed", { name }), { action: { words: t("undo"), run: back } });
}

/** @param {{ id: string, rule: Rule, place: number, routing: RoutingView, done: () => void }} props */
function RuleForm({ id, rule, place, routing, done }) {
  const editing = {
    routing,
    names: names.value,
    id,
    said: (/** @type {string} */ path) => saidOf(place, path),
    suggest: (/** @type {import("../types.js").Fault} */ warning) => editRule(withSuggestion(rule, warning)),
  };
  const named = saidOf(place, "name");
  const whole = saidOf(place, "");
  return html`<div class="rule-form" id=${id} role="group" aria-label=${t("rule.form", { name: rule.name })}>
    <div class="line"><span class="lead"><label for=${`${id}-name`}>${t("rule.name")}</label></span><div class="what"><input id=${`${id}-name`} class="name" type="text" maxlength="200" autocomplete="off" value=${rule.name}
      aria-invalid=${named.faults.length ? "true" : undefined} onInput=${(/** @type {any} */ event) => editRule({ ...rule, name: event.target.value })} /><${Said} id=${`${id}-name-said`} ...${named} /></div></div>
    <${RuleWhen} ...${editing} group=${rule.when} change=${(/** @type {any} */ when) => editRule({ ...rule, when })} />
    <${RuleThen} ...${editing} rule=${rule} change=${editRule} />
    <${Said} id=${`${id}-whole`} ...${whole} />
    <div class="buttons"><${Button} small onClick=${done}>${t("rule.done")}</${Button}></div>
  </div>`;
}
