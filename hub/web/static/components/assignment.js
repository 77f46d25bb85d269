/** @import { Row } from "../types.js" */
import { compare, t } from "../i18n.js";
import { online } from "../models/presence.js";
import { agents, me } from "../models/session.js";
import { html, useCallback, useRef } from "../ui.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icon.js";
import { Picker } from "./picker.js";
import { Popover } from "./popover.js";

const NOBODY = "-";

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
  /** @param {string} id */
  const choose = (id) => {
    close("chosen");
    give(id === NOBODY ? null : id);
  };
  const holder = row.assignee;
  const words = holder ? (holder.id === me.value?.id ? t("you") : holder.name) : t("assign.nobody");
  return html`<span class="anchor" ref=${anchor}>
    <button type="button" class="btn holder" aria-haspopup="listbox" aria-expanded=${String(open)} aria-label=${`${t("assign.with")} ${words}`} title=${`${words} · ${t("assign.title")}`}
      onClick=${() => setOpen(!open)}>
      ${holder ? html`<${Avatar} id=${holder.id} name=${holder.name} size="xs" />` : html`<${Icon} name="dashed" />`}
      <span class="words">${words}</span><${Icon} name="down" small />
    </button>
    ${
      open &&
      html`<${Popover} anchor=${anchor} close=${close} align="end" class="wide">
        <${Picker} label=${t("assign.title")} placeholder=${t("assign.find")} choices=${choices()} chosen=${holder?.id ?? NOBODY} choose=${choose} />
      </${Popover}>`
    }
  </span>`;
}

/** Me first, then who is here, then the others, by name; nobody at the end. */
function choices() {
  const here = online.value;
  const mine = me.value?.id;
  const people = [...agents.value].sort(
    (a, b) =>
      Number(b.id === mine) - Number(a.id === mine) ||
      Number(here.has(b.id)) - Number(here.has(a.id)) ||
      compare(a.name, b.name),
  );
  return [
    ...people.map((one) => ({
      id: one.id,
      words: one.id === mine ? t("assign.me", { name: one.name }) : one.name,
      more: here.has(one.id) ? t("presence.online") : t("presence.away"),
      mark: html`<${Avatar} id=${one.id} name=${one.name} size="s" online=${here.has(one.id)} />`,
    })),
    {
      id: NOBODY,
      words: t("assign.nobody"),
      more: t("assign.nobody.more"),
      mark: html`<span class="avatar s nobody"><${Icon} name="clock" /></span>`,
    },
  ];
}
