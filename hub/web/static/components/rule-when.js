/** @import { Condition, Fault, Group, RoutingField, RoutingView, When } from "../types.js" */
import { has, t } from "../i18n.js";
import {
  DEEPEST,
  firstValue,
  isGroup,
  itemsOf,
  JOINS,
  joined,
  joinOf,
  listOf,
  valueKind,
  withItem,
  withMore,
  withoutItem,
} from "../models/rule-edit.js";
import { splitField, valueWords } from "../models/sentence.js";
import { html } from "../ui.js";
import { IconButton } from "./button.js";
import { Select } from "./field.js";
import { Icon } from "./icon.js";
import { Said, unfinished } from "./rule-said.js";
import { WordsField } from "./words-field.js";

/**
 * @typedef {object} Editing what every part of a rule's form is given
 * @property {RoutingView} routing
 * @property {import("../models/sentence.js").Names} names
 * @property {string} id of the form's elements
 * @property {(path: string) => { faults: Fault[], warnings: Fault[] }} said
 * @property {(warning: Fault) => void} suggest
 */

const FIRST = "text";

/** The conditions of a rule. @param {Editing & { group: Group | undefined, change: (group: Group) => void }} props */
export function RuleWhen({ group, change, ...editing }) {
  const items = itemsOf(group);
  const join = joinOf(group);
  const headed = join === "none" && items.length > 0;
  return html`<div class="lines">
    ${
      !items.length &&
      html`<div class="line"><span class="lead">${t("rule.when")}</span><span class="always">${t("rule.when.always")}</span>
      <${More} add=${() => change({ all: [fresh(editing.routing)] })} /></div>`
    }
    ${headed && html`<div class="line"><span class="lead">${t("rule.when")}</span><${JoinSelect} join=${join} change=${(/** @type {any} */ to) => change(joined(group, to))} /></div>`}
    ${items.map(
      (item, i) => html`<div class="line" key=${i}>
        ${lead(headed, i, join, (to) => change(joined(group, to)))}
        <${Item} ...${editing} item=${item} path=${`when.${join}.${i}`} depth=${2} change=${(/** @type {When} */ to) => change(withItem(group, i, to))} remove=${() => change(withoutItem(group, i))} />
        ${i === items.length - 1 && html`<${More} add=${() => change(withMore(group, fresh(editing.routing)))} group=${() => change(withMore(group, { any: [fresh(editing.routing)] }))} />`}
      </div>`,
    )}
    <${Said} id=${`${editing.id}-when`} faults=${editing.said("when").faults.filter((one) => one.path.split(".").length < 3)} warnings=${[]} />
  </div>`;
}

/** What stands before a condition: When, then how it is joined. @param {boolean} headed @param {number} i @param {string} join @param {(to: any) => void} change */
function lead(headed, i, join, change) {
  if (headed) return html`<span class="lead"></span>`;
  if (i === 0) return html`<span class="lead">${t("rule.when")}</span>`;
  if (i > 1) return html`<span class="lead">${t(`rule.join.${join}`)}</span>`;
  const options = ["all", "any"].map((value) => ({ value, words: t(`rule.join.${value}`) }));
  return html`<span class="lead"><${Select} value=${join} aria-label=${t("rule.when.join")} change=${change} options=${options} /></span>`;
}

/** @param {{ join: string, change: (join: string) => void }} props */
function JoinSelect({ join, change }) {
  return html`<${Select} value=${join} aria-label=${t("rule.when.join")} change=${change} options=${JOINS.map((value) => ({ value, words: t(`rule.group.${value}`) }))} />`;
}

/** @param {{ add: () => void, group?: (() => void) | false }} props */
function More({ add, group }) {
  return html`<span class="mores"><button type="button" class="more" onClick=${add}><${Icon} name="plus" small />${t("rule.condition.add")}</button>
    ${group && html`<button type="button" class="more" onClick=${group}><${Icon} name="plus" small />${t("rule.group.add")}</button>`}</span>`;
}

/** @param {Editing & { item: When, path: string, depth: number, change: (item: When) => void, remove: () => void }} props */
function Item({ item, ...props }) {
  return isGroup(item)
    ? html`<${GroupBox} group=${item} ...${props} />`
    : html`<${ConditionLine} one=${item} ...${props} />`;
}

/** A group within: its conditions in a box of their own. @param {Editing & { group: Group, path: string, depth: number, change: (item: When) => void, remove: () => void }} props */
function GroupBox({ group, path, depth, change, remove, ...editing }) {
  const join = joinOf(group);
  const items = itemsOf(group);
  /** @param {number} i */
  const without = (i) => (items.length > 1 ? change(withoutItem(group, i)) : remove());
  return html`<div class="group" role="group" aria-label=${t(`rule.group.${join}`)}>
    <div class="line"><${JoinSelect} join=${join} change=${(/** @type {any} */ to) => change(joined(group, to))} />
      <${IconButton} icon="x" label=${t("rule.group.remove")} class="small" onClick=${remove} /></div>
    ${items.map((item, i) => html`<div class="line" key=${i}><${Item} ...${editing} item=${item} path=${`${path}.${join}.${i}`} depth=${depth + 1} change=${(/** @type {When} */ to) => change(withItem(group, i, to))} remove=${() => without(i)} /></div>`)}
    <${More} add=${() => change(withMore(group, fresh(editing.routing)))} group=${depth < DEEPEST && (() => change(withMore(group, { any: [fresh(editing.routing)] })))} />
  </div>`;
}

/** Field, operator and value. @param {Editing & { one: Condition, path: string, change: (item: When) => void, remove: () => void }} props */
function ConditionLine({ one, path, change, remove, routing, names, said, suggest, id }) {
  const [kind, part] = splitField(one.field);
  const field = fieldOf(routing, kind);
  const found = said(path);
  const about = `${id}-${path.replaceAll(".", "-")}`;
  /** @param {string} to */
  const setField = (to) => change(conditionOn(routing, fieldOf(routing, to)));
  /** @param {string} to */
  const setOp = (to) => change({ ...one, op: to, value: firstValue(field, to, one.value, choicesOf(routing, field)) });
  return html`<span class="condition">
    <${Select} value=${kind} aria-label=${t("rule.field")} change=${setField} options=${fieldOptions(routing, kind)} />
    ${field.named && html`<input class="part" type="text" aria-label=${t("rule.field.name")} placeholder=${t("rule.field.name")} value=${part} onInput=${(/** @type {any} */ event) => change({ ...one, field: event.target.value ? `${kind}:${event.target.value}` : kind })} />`}
    ${field.type === "hours" && (routing.hours.length > 0 || part) && html`<${Select} value=${part} aria-label=${t("rule.field.which_hours")} options=${hoursOptions(routing, part)} change=${(/** @type {string} */ to) => change({ ...one, field: to ? `${kind}:${to}` : kind })} />`}
    ${field.operators.length > 1 && html`<${Select} value=${one.op} aria-label=${t("rule.op")} change=${setOp} options=${opOptions(field, one.op)} />`}
    <${Value} one=${one} field=${field} routing=${routing} names=${names} wrong=${found.faults.some((fault) => !unfinished(fault))} about=${about} change=${(/** @type {any} */ value) => change({ ...one, value })} />
    <${IconButton} icon="x" label=${t("rule.condition.remove")} class="small" onClick=${remove} />
    <${Said} id=${about} ...${found} suggest=${suggest} />
  </span>`;
}

/**
 * @param {{ one: Condition, field: RoutingField, routing: RoutingView, names: import("../models/sentence.js").Names, wrong: boolean,
 *   about: string, change: (value: any) => void }} props
 */
function Value({ one, field, routing, names, wrong, about, change }) {
  const kind = valueKind(field, one.op);
  const attributes = { "aria-invalid": wrong ? "true" : undefined, "aria-describedby": wrong ? about : undefined };
  if (kind === "yes")
    return html`<${Select} ...${attributes} value=${String(one.value ?? true)} aria-label=${t("rule.value")} change=${(/** @type {string} */ to) => change(to === "true")} options=${["true", "false"].map((value) => ({ value, words: t(value === "true" ? "yes" : "no") }))} />`;
  if (kind === "choice") {
    const choices = [...new Set([...choicesOf(routing, field), ...(one.value ? [String(one.value)] : [])])];
    return html`<${Select} ...${attributes} value=${String(one.value ?? "")} aria-label=${t("rule.value")} change=${change} options=${[...(one.value ? [] : [{ value: "", words: t("rule.value.choose") }]), ...choices.map((value) => ({ value, words: valueWords(field.name, value, names) }))]} />`;
  }
  if (kind === "choices")
    return html`<${Choices} field=${field} routing=${routing} names=${names} values=${listOf(one.value)} change=${change} />`;
  if (kind === "list")
    return html`<${WordsField} values=${listOf(one.value).map(String)} change=${change} label=${t("rule.value.words")} placeholder=${t(one.op === "mentions" ? "rule.value.words.add" : "rule.value.add")} wrong=${wrong} about=${about} suggestions=${field.values ?? []} />`;
  if (kind === "two")
    return html`${[0, 1].map((i) => html`<${NumberField} key=${i} ...${attributes} value=${listOf(one.value)[i]} aria-label=${t(i ? "rule.value.high" : "rule.value.low")} change=${(/** @type {number} */ to) => change([0, 1].map((j) => (i === j ? to : (listOf(one.value)[j] ?? 0))))} />`)}`;
  if (kind === "number")
    return html`<${NumberField} ...${attributes} value=${one.value} aria-label=${t("rule.value")} change=${change} />`;
  return html`<input ...${attributes} class="free" type="text" aria-label=${t("rule.value")} value=${String(listOf(one.value)[0] ?? "")} list=${field.values?.length ? `${about}-known` : undefined}
      onInput=${(/** @type {any} */ event) => change(event.target.value)} />
    ${field.values?.length ? html`<datalist id=${`${about}-known`}>${field.values.map((value) => html`<option key=${value} value=${value}></option>`)}</datalist>` : null}`;
}

/** Several of a few: each is on or off. @param {{ field: RoutingField, routing: RoutingView, names: import("../models/sentence.js").Names, values: string[], change: (values: string[]) => void }} props */
function Choices({ field, routing, names, values, change }) {
  const all = [...new Set([...choicesOf(routing, field), ...values])];
  return html`<span class="choices" role="group" aria-label=${t("rule.value")}>${all.map(
    (one) =>
      html`<button type="button" key=${one} class="choice" aria-pressed=${String(values.includes(one))} onClick=${() => change(values.includes(one) ? values.filter((other) => other !== one) : [...values, one])}>${valueWords(field.name, one, names)}</button>`,
  )}</span>`;
}

/** @param {{ value: unknown, change: (value: number) => void, [attribute: string]: any }} props */
export function NumberField({ value, change, ...attributes }) {
  /** @param {any} event */
  const type = (event) => {
    if (event.target.value !== "" && Number.isFinite(event.target.valueAsNumber)) change(event.target.valueAsNumber);
  };
  return html`<input type="number" class="number" step="any" ...${attributes} value=${value} onInput=${type} />`;
}

// --- what can be chosen

/** @param {RoutingView} routing @param {string} name @returns {RoutingField} */
function fieldOf(routing, name) {
  return routing.fields.find((one) => one.name === name) ?? { name, type: "any", operators: [], values: null };
}

/** @param {RoutingView} routing @param {RoutingField} field @param {string} [op] @returns {Condition} */
function conditionOn(routing, field, op = field.operators[0]) {
  return { field: field.name, op, value: firstValue(field, op, undefined, choicesOf(routing, field)) };
}

/** The condition that one begins with. @param {RoutingView} routing */
const fresh = (routing) => conditionOn(routing, fieldOf(routing, FIRST));

/** @param {RoutingView} routing @param {RoutingField} field @returns {string[]} */
function choicesOf(routing, field) {
  if (field.name === "previous_agent") return routing.agents.map((one) => one.id);
  return field.values ?? [];
}

/** @param {RoutingView} routing @param {string} now */
function fieldOptions(routing, now) {
  const all = routing.fields.map((one) => one.name);
  return (all.includes(now) ? all : [now, ...all]).map((value) => ({
    value,
    words: has(`rule.field.${value}`) ? t(`rule.field.${value}`) : value,
  }));
}

/** @param {RoutingField} field @param {string} now */
function opOptions(field, now) {
  const all = field.operators.includes(now) ? field.operators : [now, ...field.operators];
  return all.map((value) => ({ value, words: has(`rule.op.${value}`) ? t(`rule.op.${value}`) : value }));
}

/** @param {RoutingView} routing @param {string} now */
function hoursOptions(routing, now) {
  const known = routing.hours.map(({ id, name }) => ({ value: id, words: name }));
  const gone = now && !known.some(({ value }) => value === now) ? [{ value: now, words: now }] : [];
  return [{ value: "", words: t("rule.hours.company") }, ...known, ...gone];
}
