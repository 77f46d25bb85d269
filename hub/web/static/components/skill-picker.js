import { api, asProblem } from "../api.js";
import { compare, matches, problemWords, t } from "../i18n.js";
import { keepRouting, routing } from "../models/routing.js";
import { toast } from "../models/toasts.js";
import { skillName, skillTitle } from "../models/why.js";
import { html, useCallback, useRef, useState } from "../ui.js";
import { Icon } from "./icon.js";
import { Picker } from "./picker.js";
import { Popover } from "./popover.js";

const NEW = "+";

/**
 * Adds a skill: one of those there are, or a new one made on the spot.
 * @param {{ label: string, without: string[], choose: (id: string) => void }} props
 */
export function SkillPicker({ label, without, choose }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef(/** @type {HTMLElement | null} */ (null));
  const close = useCallback((/** @type {string} */ how) => {
    setOpen(false);
    if (how !== "away") anchor.current?.querySelector("button")?.focus();
  }, []);
  const all = routing.value?.skills ?? [];
  const choices = all
    .filter((one) => !without.includes(one.id))
    .map((one) => ({ id: one.id, words: skillTitle(one), more: t("rule.skill.people", { count: one.agents }) }))
    .sort((a, b) => compare(a.words, b.words));
  /** @param {string} word */
  const extra = (word) => {
    const known = all.some((one) => sameWord(one.name, word) || sameWord(skillName(one), word) || one.id === word);
    const mark = html`<${Icon} name="plus" small />`;
    return known ? null : { id: NEW + word, words: t("rule.skill.create", { name: word }), mark };
  };
  /** @param {string} id */
  const chosen = async (id) => {
    close("chosen");
    const skill = id.startsWith(NEW) ? await createSkill(id.slice(NEW.length)) : id;
    if (skill) choose(skill);
  };
  return html`<span class="anchor" ref=${anchor}>
    <button type="button" class="more" aria-label=${label} aria-haspopup="listbox" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}><${Icon} name="plus" small />${t("rule.skill.add")}</button>
    ${
      open &&
      html`<${Popover} anchor=${anchor} close=${close} class="as-wide">
        <${Picker} label=${label} placeholder=${t("rule.skill.find")} choices=${choices} chosen=${null} choose=${chosen} extra=${extra} />
      </${Popover}>`
    }
  </span>`;
}

/** @param {string} a @param {string} b */
const sameWord = (a, b) => matches(a, b) && matches(b, a);

/** A new skill's id; null when it could not be made. @param {string} name */
export async function createSkill(name) {
  try {
    const made = await api.addSkill(name);
    const known = routing.peek()?.skills ?? [];
    keepRouting({ skills: [...known.filter((one) => one.id !== made.id), made] });
    toast(t("rule.skill.created", { name: made.name }));
    return made.id;
  } catch (error) {
    toast(problemWords(asProblem(error)), { tone: "bad" });
    return null;
  }
}
