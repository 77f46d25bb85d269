/** @import { RoutingAgent, RoutingView, SkillView } from "../types.js" */
import { api, asProblem } from "../api.js";
import { Avatar } from "../components/avatar.js";
import { Button, IconButton } from "../components/button.js";
import { Empty } from "../components/empty.js";
import { LevelLegend, levelWords } from "../components/level.js";
import { Menu } from "../components/menu.js";
import { compare, matches, problemWords, t } from "../i18n.js";
import { cellAfter, HIGHEST, levelAfter, levelPressed, withLevel } from "../models/matrix.js";
import { asChanged, changeStaff } from "../models/staff.js";
import { toast } from "../models/toasts.js";
import { isLanguage, skillTitle } from "../models/why.js";
import { html, useRef, useState } from "../ui.js";
import { AddSkill, RenameSkill } from "./routing-skills-dialogs.js";

const MANY = 12;
/** @typedef {{ routing: RoutingView, reload: () => Promise<void> }} Props */

/** Who can do what, and how well: agents × skills. @param {Props} props */
export function RoutingSkills({ routing, reload }) {
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState(/** @type {SkillView | null} */ (null));
  const [word, setWord] = useState("");
  const skills = [...routing.skills].sort((a, b) => compare(skillTitle(a), skillTitle(b)));
  const people = routing.agents.filter((one) => matches(one.name, word)).sort((a, b) => compare(a.name, b.name));
  return html`<div class="routing-tab"><div class="column-wide">
    <header class="tab-head"><p>${t("skills.lead")}</p>
      ${routing.agents.length > MANY && html`<input type="search" class="plain-field" aria-label=${t("skills.find")} placeholder=${t("skills.find")} value=${word} onInput=${(/** @type {any} */ event) => setWord(event.target.value)} />`}
      <${Button} icon="plus" onClick=${() => setAdding(true)}>${t("skills.add")}</${Button}></header>
    ${!skills.length && html`<${Empty} icon="star" title=${t("skills.empty")} text=${t("skills.empty.text")} />`}
    ${skills.length > 0 && html`<${LevelLegend} /><${Matrix} skills=${skills} people=${people} rename=${setRenaming} reload=${reload} /><p class="hint">${t("skills.help")}</p>`}
    ${adding && html`<${AddSkill} reload=${reload} close=${() => setAdding(false)} known=${routing.skills} />`}
    ${renaming && html`<${RenameSkill} skill=${renaming} reload=${reload} close=${() => setRenaming(null)} />`}
  </div></div>`;
}

/** @param {{ skills: SkillView[], people: RoutingAgent[], rename: (skill: SkillView) => void, reload: () => Promise<void> }} props */
function Matrix({ skills, people, rename, reload }) {
  const [at, setAt] = useState({ row: 0, column: 0 });
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const size = { rows: people.length, columns: skills.length };
  const here = { row: Math.min(at.row, size.rows - 1), column: Math.min(at.column, size.columns - 1) };
  /** @param {KeyboardEvent} event @param {(key: string) => boolean} sets whether the key set the level */
  const keys = (event, sets) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = cellAfter(event.key, here, size);
    if (!next && !sets(event.key)) return;
    event.preventDefault();
    if (!next) return;
    setAt(next);
    const cell = box.current?.querySelector(`[data-cell="${next.row} ${next.column}"]`);
    /** @type {HTMLElement | null | undefined} */ (cell)?.focus();
  };
  return html`<div class="matrix scrolls" ref=${box}><table role="grid" aria-label=${t("skills.people")}>
    <thead><tr><th scope="col">${t("skills.person")}</th>${skills.map((skill) => html`<th scope="col" key=${skill.id}><${SkillHead} skill=${skill} rename=${() => rename(skill)} reload=${reload} /></th>`)}</tr></thead>
    <tbody>${people.map(
      (
        person,
        row,
      ) => html`<tr key=${person.id}><th scope="row"><span class="agent"><${Avatar} id=${person.id} name=${person.name} size="s" state=${person.availability} /><span class="name" title=${person.name}>${person.name}</span></span></th>
        ${skills.map((skill, column) => html`<${Cell} key=${skill.id} agent=${asChanged(person)} skill=${skill} at=${`${row} ${column}`} current=${row === here.row && column === here.column} stand=${() => setAt({ row, column })} keys=${keys} reload=${reload} />`)}</tr>`,
    )}</tbody></table></div>`;
}

/** @param {{ skill: SkillView, rename: () => void, reload: () => Promise<void> }} props */
function SkillHead({ skill, rename, reload }) {
  const name = skillTitle(skill);
  const remove = async () => {
    try {
      await api.removeSkill(skill.id);
      await reload();
      toast(t("removed", { name }));
    } catch (error) {
      toast(problemWords(asProblem(error)), { tone: "bad" });
    }
  };
  const language = isLanguage(skill);
  const items = [
    ...(language ? [] : [{ words: t("rename"), icon: "note", run: rename }]),
    { words: t("remove"), icon: "trash", run: remove },
  ];
  const label = t("skills.more", { name });
  return html`<span class="skill-head"><span><b title=${name}>${name}</b><small>${t("skills.have", { count: skill.agents })}</small></span>
    <${Menu} label=${label} groups=${[{ items }]} align="end" button=${(/** @type {any} */ attributes) => html`<${IconButton} ...${attributes} icon="more" class="small" label=${label} />`} /></span>`;
}

/**
 * @param {{ agent: RoutingAgent, skill: SkillView, at: string, current: boolean, stand: () => void,
 *   keys: (event: KeyboardEvent, sets: (key: string) => boolean) => void, reload: () => Promise<void> }} props
 */
function Cell({ agent, skill, at, current, stand, keys, reload }) {
  const level = agent.skills[skill.id] ?? 0;
  const words = { name: agent.name, skill: skillTitle(skill), level, words: levelWords(level) };
  /** @param {number} to */
  const set = (to) => {
    if (to !== level) changeStaff(agent.id, { skills: withLevel(agent.skills, skill.id, to) }, reload);
  };
  /** @param {string} key */
  const sets = (key) => {
    const to = levelAfter(key, level);
    if (to !== null) set(to);
    return to !== null;
  };
  /** @param {MouseEvent} event */
  const pressed = (event) => {
    const bar = event.target instanceof Element ? event.target.closest("[data-bar]") : null;
    if (bar instanceof HTMLElement) set(levelPressed(Number(bar.dataset.bar), level));
  };
  return html`<td role="gridcell" data-cell=${at} tabindex=${current ? 0 : -1} aria-label=${t(level ? "skills.cell" : "skills.cell.none", words)}
    class=${level ? "" : "none"} onFocus=${stand} onKeyDown=${(/** @type {KeyboardEvent} */ event) => keys(event, sets)} onClick=${pressed}>
    <span class="bars" aria-hidden="true">${Array.from({ length: HIGHEST }, (_, i) => html`<i key=${i} data-bar=${i + 1} title=${t("rule.skill.level.long", { level: i + 1, words: levelWords(i + 1) })} class=${i < level ? "on" : ""}></i>`)}<b>${level || ""}</b></span></td>`;
}
