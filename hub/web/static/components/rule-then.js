/** @import { Rule } from "../types.js" */
/** @import { Editing } from "./rule-when.js" */
import { LANGUAGES, languageName, t } from "../i18n.js";
import { listOf, reliefsOf, skillOf, withAction, withReliefs, withSkills, writtenSkill } from "../models/rule-edit.js";
import { skillName, skillTitle } from "../models/why.js";
import { html } from "../ui.js";
import { IconButton } from "./button.js";
import { Field, Select } from "./field.js";
import { Icon } from "./icon.js";
import { Level } from "./level.js";
import { Menu } from "./menu.js";
import { RuleRelax } from "./rule-relax.js";
import { Said, unfinished } from "./rule-said.js";
import { NumberField } from "./rule-when.js";
import { SkillPicker } from "./skill-picker.js";
import { WordsField } from "./words-field.js";

/** @typedef {Editing & { rule: Rule, change: (rule: Rule) => void }} Doing */

/** What every rule shows; the others come by the menu. */
const ALWAYS = ["require", "team", "relax"];

/** What the rule does. @param {Doing} props */
export function RuleThen(props) {
  const { rule, change, routing } = props;
  const shown = Object.keys(LINES).filter((action) => ALWAYS.includes(action) || rule.then?.[action] !== undefined);
  const more = Object.keys(LINES).filter((action) => !shown.includes(action));
  const items = [
    ...more.map((action) => ({
      words: t(`rule.${action}`),
      run: () => change(withAction(rule, action, BEGINS[action](routing))),
    })),
    ...(rule.stop ? [] : [{ words: t("rule.stop"), run: () => change({ ...rule, stop: true }) }]),
  ];
  return html`<div class="lines">
    ${shown.map((action) => html`<${Line} key=${action} action=${action} ...${props}><${LINES[action]} ...${props} /></${Line}>`)}
    ${rule.stop && html`<div class="line"><span class="lead">${t("rule.stop")}</span><span>${t("rule.stop.text")}</span><${IconButton} icon="x" class="small" label=${t("rule.action.remove", { action: t("rule.stop") })} onClick=${() => change({ ...rule, stop: false })} /></div>`}
    ${items.length > 0 && html`<div class="line"><span class="lead"></span><${Menu} label=${t("rule.more_actions")} groups=${[{ items }]} button=${(/** @type {any} */ attributes) => html`<button type="button" ...${attributes} class="more"><${Icon} name="plus" small />${t("rule.more_actions")}</button>`} /></div>`}
  </div>`;
}

/** @param {Doing & { action: string, children?: any }} props */
function Line({ action, rule, change, said, suggest, id, children }) {
  const found = said(`then.${action}`);
  return html`<div class="line"><span class="lead">${t(`rule.${action}`)}</span><div class="what">${children}
    ${!ALWAYS.includes(action) && action !== "prefer" && html`<${IconButton} icon="x" class="small" label=${t("rule.action.remove", { action: t(`rule.${action}`) })} onClick=${() => change(withAction(rule, action, undefined))} />`}
    <${Said} id=${`${id}-${action}`} ...${found} suggest=${suggest} /></div></div>`;
}

/** How an action begins. @type {Readonly<Record<string, (routing: import("../types.js").RoutingView) => any>>} */
const BEGINS = {
  prefer: () => "",
  priority: (routing) => Math.min(9, routing.settings.priority + 3),
  weight: () => 2,
  sticky: (routing) => ({ wait_s: routing.settings.wait_s }),
  tag: () => "",
  answer: () => ({}),
  hold: () => "until open",
};

/** @param {"require" | "prefer"} action */
function skills(action) {
  /** @param {Doing} props */
  return function Skills({ rule, change, names, routing }) {
    const all = listOf(rule.then?.[action]).map((written) => skillOf(String(written)));
    /** @param {{ id: string, level: number }[]} next */
    const set = (next) => change(withSkills(rule, action, next.map(writtenSkill)));
    const unheld = all.filter(({ id }) => routing.skills.some((one) => one.id === id && one.agents === 0));
    return html`${all.map(
      (
        one,
        i,
      ) => html`<${SkillBox} key=${one.id} name=${skillTitle({ id: one.id, name: names.skills[one.id] ?? one.id })} level=${one.level}
        change=${(/** @type {number} */ level) => set(all.with(i, { ...one, level }))} remove=${() => set(all.filter((_, j) => i !== j))} />`,
    )}
      <${SkillPicker} label=${t(`rule.skill.${action}`)} without=${all.map(({ id }) => id)} choose=${(/** @type {string} */ id) => set([...all, { id, level: 1 }])} />
      ${unheld.map(({ id }) => html`<p class="nobody" key=${id}><${Icon} name="alert" small />${t("rule.skill.nobody", { skill: skillName({ id, name: names.skills[id] ?? id }) })} <a href="/routing/skills">${t("rule.skill.nobody.next")}</a></p>`)}`;
  };
}

/** @param {{ name: string, level: number, change: (level: number) => void, remove: () => void }} props */
function SkillBox({ name, level, change, remove }) {
  return html`<span class="skill-box"><span>${name}</span><${Level} level=${level} change=${change} label=${t("rule.skill.level", { skill: name })} /><small aria-hidden="true">${t("rule.skill.level.words", { level })}</small>
    <button type="button" class="drop" aria-label=${t("rule.skill.remove", { skill: name })} onClick=${remove}><${Icon} name="x" small /></button></span>`;
}

/** @param {Doing} props */
function TeamLine({ rule, change, routing, names }) {
  const now = String(rule.then?.team ?? "");
  const known = routing.teams.map(({ id, name }) => ({ value: id, words: name }));
  const options = [
    { value: "", words: t("rule.team.any") },
    ...known,
    ...(now && !names.teams[now] ? [{ value: now, words: now }] : []),
  ];
  return html`<${Select} value=${now} aria-label=${t("rule.team")} change=${(/** @type {string} */ to) => change(withAction(rule, "team", to || undefined))} options=${options} />`;
}

/** @param {Doing} props */
function RelaxLine(props) {
  const { rule, change } = props;
  return html`<${RuleRelax} ...${props} reliefs=${reliefsOf(rule)} set=${(/** @type {any} */ next) => change(withReliefs(rule, next))} />`;
}

/** @param {Doing} props */
function PriorityLine({ rule, change, routing }) {
  const usual = routing.settings.priority;
  const options = Array.from({ length: 10 }, (_, i) => 9 - i).map((count) => ({
    value: String(count),
    words:
      count === usual
        ? t("rule.priority.usual", { count })
        : count === 9
          ? t("rule.priority.most", { count })
          : String(count),
  }));
  return html`<${Select} value=${String(rule.then.priority)} aria-label=${t("rule.priority")} change=${(/** @type {string} */ to) => change(withAction(rule, "priority", Number(to)))} options=${options} />`;
}

/** @param {Doing} props */
function WeightLine({ rule, change }) {
  return html`<${NumberField} value=${rule.then.weight} min="0" max="100" step="1" aria-label=${t("rule.weight")} change=${(/** @type {number} */ to) => change(withAction(rule, "weight", to))} /><span class="unit">${t("rule.weight.units")}</span>`;
}

/** @param {Doing} props */
function StickyLine({ rule, change, routing, names }) {
  const now = rule.then.sticky;
  const who = now === false ? "-" : (now?.agent ?? "");
  const wait = now?.wait_s ?? routing.settings.wait_s;
  const known = routing.agents.map(({ id, name }) => ({ value: id, words: name }));
  const gone = who && who !== "-" && !names.agents[who] ? [{ value: who, words: who }] : [];
  const options = [
    { value: "", words: t("rule.sticky.last") },
    ...known,
    ...gone,
    { value: "-", words: t("rule.sticky.off") },
  ];
  /** @param {string} to */
  const choose = (to) =>
    change(withAction(rule, "sticky", to === "-" ? false : { wait_s: wait, ...(to ? { agent: to } : {}) }));
  return html`<${Select} value=${who} aria-label=${t("rule.sticky")} change=${choose} options=${options} />
    ${who !== "-" && html`<span class="unit">${t("rule.sticky.wait")}</span><${NumberField} value=${wait} min="0" max="86400" step="1" aria-label=${t("rule.sticky.wait")} change=${(/** @type {number} */ to) => change(withAction(rule, "sticky", { ...now, wait_s: to }))} /><span class="unit">${t("rule.unit.s")}</span>`}`;
}

/** @param {Doing} props */
function TagLine({ rule, change, said, id }) {
  const wrong = said("then.tag").faults.some((fault) => !unfinished(fault));
  return html`<${WordsField} values=${listOf(rule.then.tag).map(String)} label=${t("rule.tag")} placeholder=${t("rule.value.add")} wrong=${wrong} about=${`${id}-tag`}
    change=${(/** @type {string[]} */ tags) => change(withAction(rule, "tag", tags.length ? tags : ""))} />`;
}

/** A text for each language; one is enough. @param {Doing} props */
function AnswerLine({ rule, change }) {
  const now = rule.then.answer;
  const texts = typeof now === "string" ? { "": now } : now;
  const codes =
    typeof now === "string" ? [""] : [...new Set([...LANGUAGES.map(({ code }) => code), ...Object.keys(texts)])];
  /** @param {string} code @param {string} text */
  const set = (code, text) => {
    const { [code]: _old, ...others } = texts;
    change(withAction(rule, "answer", code === "" ? text : text ? { ...others, [code]: text } : others));
  };
  return html`<div class="answers">${codes.map(
    (
      code,
    ) => html`<${Field} key=${code} label=${code ? t("rule.answer.in", { language: languageName(code) }) : t("rule.answer.any")}>
      ${(/** @type {any} */ own) => html`<textarea ...${own} rows="2" lang=${code || undefined} value=${texts[code] ?? ""} onInput=${(/** @type {any} */ event) => set(code, event.target.value)}></textarea>`}</${Field}>`,
  )}<p class="hint">${t("rule.answer.hint")}</p></div>`;
}

/** @param {Doing} props */
function HoldLine({ rule, change, routing }) {
  const now = typeof rule.then.hold === "object" ? String(rule.then.hold?.hours ?? "") : "";
  const options = [
    { value: "", words: t("rule.hold.company") },
    ...routing.hours.map(({ id, name }) => ({ value: id, words: t("rule.hold.of", { hours: name }) })),
  ];
  return html`<${Select} value=${now} aria-label=${t("rule.hold")} options=${options} change=${(/** @type {string} */ to) => change(withAction(rule, "hold", to ? { hours: to } : "until open"))} />`;
}

/** In the order in which they are shown. @type {Readonly<Record<string, (props: Doing) => any>>} */
const LINES = {
  require: skills("require"),
  prefer: skills("prefer"),
  team: TeamLine,
  relax: RelaxLine,
  priority: PriorityLine,
  weight: WeightLine,
  sticky: StickyLine,
  tag: TagLine,
  answer: AnswerLine,
  hold: HoldLine,
};
