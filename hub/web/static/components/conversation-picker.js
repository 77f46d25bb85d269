/** @import { Row } from "../types.js" */
import { api, asProblem } from "../api.js";
import { ago, problemWords, span, t } from "../i18n.js";
import { now } from "../models/clock.js";
import { html, useCallback, useEffect, useRef, useState } from "../ui.js";
import { channelIcon, Icon } from "./icon.js";
import { Picker } from "./picker.js";
import { Popover } from "./popover.js";

const WAITING = 50;
const OTHERS = 100;
const RESOLVED = 50;
const LOOK = "look:";

/**
 * One conversation out of those that wait and the latest others, found by a name or a number.
 * @param {{ chosen: Row | null, choose: (row: Row) => void }} props
 */
export function ConversationPicker({ chosen, choose }) {
  const [open, setOpen] = useState(!chosen);
  const [rows, setRows] = useState(/** @type {Row[] | null} */ (null));
  const [said, setSaid] = useState("");
  const anchor = useRef(/** @type {HTMLElement | null} */ (null));
  const close = useCallback((/** @type {string} */ how) => {
    setOpen(false);
    if (how !== "away") anchor.current?.querySelector("button")?.focus();
  }, []);
  useEffect(() => {
    if (open) load().then(setRows, (error) => setSaid(problemWords(asProblem(error))));
  }, [open]);
  /** @param {string} id */
  const take = async (id) => {
    const row = id.startsWith(LOOK) ? await found(id.slice(LOOK.length), setSaid) : rows?.find((one) => one.id === id);
    if (!row) return;
    setSaid("");
    choose(row);
    close("chosen");
  };
  /** @param {string} word */
  const byNumber = (word) => {
    const number = word.replace(/^(#|n[º°o.]*)\s*/i, "");
    if (!/^[0-9]{1,12}$/.test(number) || rows?.some((one) => String(one.number) === number)) return null;
    return { id: LOOK + number, words: t("try.look", { number }) };
  };
  return html`<span class="anchor conversation-picker" ref=${anchor}>
    <button type="button" class="chooser" aria-haspopup="listbox" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>
      <span>${chosen ? nameOf(chosen) : t("try.choose")}</span><small>${chosen ? t("conversation.number", { number: String(chosen.number) }) : ""}</small><${Icon} name="down" small /></button>
    ${
      open &&
      html`<${Popover} anchor=${anchor} close=${close} class="as-wide">
        <${Picker} label=${t("try.choose")} placeholder=${t("try.find")} choices=${(rows ?? []).map(choice)} chosen=${chosen?.id ?? null}
          choose=${take} extra=${byNumber} none=${rows ? t("try.none") : said ? "" : t("loading")} />
        ${said && html`<p class="none-said" role="alert">${said}</p>`}
      </${Popover}>`
    }
  </span>`;
}

/** What waits, the most urgent first; then the others, the latest first. @returns {Promise<Row[]>} */
async function load() {
  const [waiting, open, resolved] = await Promise.all([
    api.conversations("waiting", null, WAITING),
    api.conversations("all", null, OTHERS),
    api.conversations("resolved", null, RESOLVED),
  ]);
  const first = new Set(waiting.items.map((one) => one.id));
  const others = [...open.items, ...resolved.items].filter((one) => !first.has(one.id));
  return [...waiting.items, ...others.sort((a, b) => lastAt(b) - lastAt(a))];
}

/** @param {Row} row */
const lastAt = ({ last }) => (last ? Date.parse(last.at) : 0);

/** @param {string} number @param {(words: string) => void} say */
async function found(number, say) {
  try {
    return (await api.conversation(number)).conversation;
  } catch (error) {
    const problem = asProblem(error);
    say(problem.code === "not_found" ? t("try.not_found", { number }) : problemWords(problem));
    return null;
  }
}

/** @param {Row} row */
const nameOf = (row) => row.customer.name || t("customer.nameless");

/** @param {Row} row @returns {import("./picker.js").Choice} */
function choice(row) {
  const waits = row.status === "open" && !row.assignee && row.turn === "us" && row.waiting_since;
  const when = waits
    ? t("row.waits", { time: span(Math.max(0, now() - Date.parse(waits))) })
    : row.last && ago(row.last.at, now());
  const number = t("conversation.number", { number: String(row.number) });
  return {
    id: row.id,
    words: nameOf(row),
    more: [number, when].filter(Boolean).join(" · "),
    mark: html`<${Icon} name=${channelIcon(row.channel.kind)} small />`,
  };
}
