/** @import { Relief } from "../models/rule-edit.js" */
/** @import { Editing } from "./rule-when.js" */
import { t } from "../i18n.js";
import { listOf, nextAfter, skillOf } from "../models/rule-edit.js";
import { skillName } from "../models/why.js";
import { html, useState } from "../ui.js";
import { IconButton } from "./button.js";
import { Select } from "./field.js";
import { Icon } from "./icon.js";
import { Level } from "./level.js";
import { Menu } from "./menu.js";
import { NumberField } from "./rule-when.js";

/** @type {Readonly<Record<string, number>>} */
const UNITS = { s: 1, min: 60, h: 3600 };

/** @typedef {Editing & { rule: import("../types.js").Rule, reliefs: Relief[], set: (reliefs: Relief[]) => void }} Relaxing */

/** What is asked less after some waiting, step by step. @param {Relaxing} props */
export function RuleRelax(props) {
  const { reliefs, set } = props;
  const items = waysOf(props).map(({ words, relief }) => ({
    words,
    run: () => set([...reliefs, { ...relief, after_s: nextAfter(reliefs) }]),
  }));
  return html`<div class="steps">
    ${reliefs.map((one, i) => html`<${Step} key=${i} ...${props} one=${one} change=${(/** @type {Relief} */ to) => set(reliefs.with(i, to))} remove=${() => set(reliefs.filter((_, j) => i !== j))} />`)}
    <${Menu} label=${t("rule.relax.title")} groups=${[{ title: t("rule.relax.title"), items }]} button=${(/** @type {any} */ attributes) => html`<button type="button" ...${attributes} class="more" aria-label=${`${t("rule.relax")}: ${t("rule.relax.add")}`}><${Icon} name="plus" small />${t("rule.relax.add")}</button>`} />
  </div>`;
}

/** @param {Relaxing & { one: Relief, change: (relief: Relief) => void, remove: () => void }} props */
function Step({ one, change, remove, ...props }) {
  const { names, routing } = props;
  const ways = waysOf(props);
  const now = wayOf(one);
  const known = ways.some((way) => wayOf(way.relief) === now);
  const gone = known ? [] : [{ value: now, words: wayWords(one, nameOf(one.skill ?? "", names)) }];
  const options = [...ways.map(({ words, relief }) => ({ value: wayOf(relief), words })), ...gone];
  /** @param {string} to */
  const choose = (to) => {
    const way = ways.find(({ relief }) => wayOf(relief) === to);
    if (way) change({ ...way.relief, after_s: one.after_s });
  };
  return html`<span class="step"><span class="unit">${t("rule.relax.after")}</span>
    <${After} seconds=${one.after_s} change=${(/** @type {number} */ after_s) => change({ ...one, after_s })} />
    <${Select} value=${now} aria-label=${t("rule.relax.what")} change=${choose} options=${options} />
    ${one.kind === "lower" && html`<span class="skill-box"><${Level} level=${one.level ?? 1} label=${t("rule.skill.level", { skill: nameOf(one.skill ?? "", names) })} change=${(/** @type {number} */ level) => change({ ...one, level })} /><small aria-hidden="true">${t("rule.skill.level.words", { level: one.level ?? 1 })}</small></span>`}
    ${one.kind === "team" && html`<${Select} value=${one.team ?? ""} aria-label=${t("rule.team")} change=${(/** @type {string} */ team) => change({ ...one, team })} options=${teamOptions(routing, one.team ?? "")} />`}
    <${IconButton} icon="x" class="small" label=${t("rule.relax.remove")} onClick=${remove} /></span>`;
}

/** A time as a number and its unit; the unit that was chosen stays. @param {{ seconds: number, change: (seconds: number) => void }} props */
function After({ seconds, change }) {
  const [chosen, setUnit] = useState(() => unitOf(seconds));
  const unit = seconds % UNITS[chosen] ? unitOf(seconds) : chosen;
  const count = seconds / UNITS[unit];
  return html`<${NumberField} value=${count} min="0" step="1" aria-label=${t("rule.relax.time")} change=${(/** @type {number} */ to) => change(Math.round(to * UNITS[unit]))} />
    <${Select} value=${unit} aria-label=${t("rule.relax.unit")} options=${Object.keys(UNITS).map((value) => ({ value, words: t(`rule.unit.${value}`) }))}
      change=${(/** @type {string} */ to) => {
        setUnit(to);
        change(Math.round(count * UNITS[to]));
      }} />`;
}

/** The largest unit in which it is a whole number. @param {number} seconds */
function unitOf(seconds) {
  return seconds && seconds % UNITS.h === 0 ? "h" : seconds % UNITS.min === 0 ? "min" : "s";
}

/** What may be done, in words: anybody first, for that is what is mostly meant. @param {Relaxing} props @returns {{ words: string, relief: Relief }[]} */
function waysOf({ rule, routing, names }) {
  const required = listOf(rule.then?.require).map((written) => skillOf(String(written)));
  const preferred = listOf(rule.then?.prefer).map((written) => skillOf(String(written)));
  /** @type {Relief[]} */
  const ways = [
    { after_s: 0, kind: "anybody" },
    ...required
      .filter(({ level }) => level > 1)
      .map(({ id, level }) => ({ after_s: 0, kind: /** @type {const} */ ("lower"), skill: id, level: level - 1 })),
    ...[...required, ...preferred].map(({ id }) => ({ after_s: 0, kind: /** @type {const} */ ("drop"), skill: id })),
    ...(routing.teams.length
      ? [
          {
            after_s: 0,
            kind: /** @type {const} */ ("team"),
            team: routing.teams.find(({ id }) => id !== rule.then?.team)?.id ?? "",
          },
        ]
      : []),
    ...(required.length ? [{ after_s: 0, kind: /** @type {const} */ ("teams") }] : []),
  ];
  return ways.map((relief) => ({ relief, words: wayWords(relief, nameOf(relief.skill ?? "", names)) }));
}

/** @param {Relief} relief @param {string} skill */
const wayWords = ({ kind }, skill) => t(`rule.relax.${kind}`, { skill });

/** @param {Relief} relief */
const wayOf = ({ kind, skill = "" }) => `${kind}:${skill}`;

/** @param {string} id @param {import("../models/sentence.js").Names} names */
const nameOf = (id, names) => skillName({ id, name: names.skills[id] ?? id });

/** @param {import("../types.js").RoutingView} routing @param {string} now */
function teamOptions(routing, now) {
  const known = routing.teams.map(({ id, name }) => ({ value: id, words: name }));
  return now && !known.some(({ value }) => value === now) ? [...known, { value: now, words: now }] : known;
}
