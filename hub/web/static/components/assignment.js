/** @import { Row } from "../types.js" */
import { compare, t } from "../i18n.js";
import { agentOf, agentsChanged, deskWords, STATES } from "../models/availability.js";
import { beat } from "../models/clock.js";
import { agents, me } from "../models/session.js";
import { html, useCallback, useEffect, useRef } from "../ui.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icon.js";
import { Picker } from "./picker.js";
import { Popover } from "./popover.js";

const NOBODY = "-";
/** @type {ReadonlySet<import("../types.js").Availability>} */
const HERE = new Set(["available", "busy"]);

/**
 * Who has the conversation, and the menu that gives it to somebody else.
 * @param {{ row: Row, open: boolean, setOpen: (open: boolean) => void, give: (id: string | null) => void }} props
 */
export function Assignment({ row, open, setOpen, give }) {
  const anchor = useRef(/** @type {HTMLElement | null} */ (null));
  const close = useCallback((/** @type {string} */ how) => {
    setOpen(false);
    if (how !== "away") anchor.current?.querySelector("button")?.focus();
  }, []);
  /** @param {string | null} id */
  const choose = (id) => {
    close("chosen");
    give(id);
  };
  const holder = row.assignee;
  const words = holder ? (holder.id === me.value?.id ? t("you") : holder.name) : t("assign.nobody");
  return html`<span class="anchor" ref=${anchor}>
    <button type="button" class="btn holder" aria-haspopup="listbox" aria-expanded=${String(open)} aria-label=${`${t("assign.with")} ${words}`} title=${`${words} · ${t("assign.title")}`}
      onClick=${() => setOpen(!open)}>
      ${holder ? html`<${Avatar} id=${holder.id} name=${holder.name} size="xs" />` : html`<${Icon} name="dashed" />`}
      <span class="words">${words}</span>${holder && html`<${Over} id=${holder.id} />`}<${Icon} name="down" small />
    </button>
    ${
      open &&
      html`<${Popover} anchor=${anchor} close=${close} align="end" class="wide">
        <${AgentPicker} chosen=${holder?.id ?? null} choose=${choose} row=${row} />
      </${Popover}>`
    }
  </span>`;
}

/**
 * The colleagues to choose from, with their state and how much they hold.
 * @param {{ row: Row, chosen: string | null, choose: (id: string | null) => void, nobody?: boolean }} props nobody: whether one may choose that
 */
export function AgentPicker({ row, chosen, choose, nobody = true }) {
  useEffect(agentsChanged, []); // how much they hold now
  const all = choices(row).filter((one) => nobody || one.id !== NOBODY);
  return html`<${Picker} label=${t("assign.title")} placeholder=${t("assign.find")} choices=${all} chosen=${chosen ?? NOBODY}
    choose=${(/** @type {string} */ id) => choose(id === NOBODY ? null : id)} />`;
}

/** Somebody holds more than was planned: that is seen, not forbidden. @param {{ id: string }} props */
function Over({ id }) {
  const agent = agentOf(id);
  if (!agent?.over || !agent.capacity) return null; // who gets nothing by routing has taken it knowingly
  const key = id === me.value?.id ? "availability.over.you" : "availability.over";
  const words = t(key, { name: agent.name, used: agent.load, capacity: agent.capacity });
  return html`<span class="over" title=${words}><${Icon} name="alert" small /><span class="unseen">${words}</span></span>`;
}

/** Said before it is done: they would hold more than planned. @param {import("../types.js").Agent} agent @param {Row} row */
function becomes({ id, load, capacity }, row) {
  const then = load + row.weight;
  return capacity > 0 && then > capacity && row.assignee?.id !== id ? t("assign.over", { then, capacity }) : "";
}

/** Me first if I am here, then who is available, busy, away, offline, by name; nobody at the end. @param {Row} row */
function choices(row) {
  const mine = agents.value.some((one) => one.id === me.value?.id && HERE.has(one.availability)) ? me.value?.id : "";
  const people = [...agents.value].sort(
    (a, b) =>
      Number(b.id === mine) - Number(a.id === mine) ||
      STATES.indexOf(a.availability) - STATES.indexOf(b.availability) ||
      compare(a.name, b.name),
  );
  return [
    ...people.map((one) => ({
      id: one.id,
      words: one.id === me.value?.id ? t("assign.me", { name: one.name }) : one.name,
      more: [deskWords(one, beat.value), one.capacity > 0 && `${one.load}/${one.capacity}`, becomes(one, row)]
        .filter(Boolean)
        .join(" · "),
      mark: html`<${Avatar} id=${one.id} name=${one.name} size="s" state=${one.availability} />`,
    })),
    {
      id: NOBODY,
      words: t("assign.nobody"),
      more: t("assign.nobody.more"),
      mark: html`<span class="avatar s nobody"><${Icon} name="clock" /></span>`,
    },
  ];
}
