/** @import { Row } from "../types.js" */
import { AgentPicker } from "../components/assignment.js";
import { IconButton } from "../components/button.js";
import { Chip } from "../components/chip.js";
import { channelIcon, Icon } from "../components/icon.js";
import { useSecond } from "../components/opens.js";
import { Popover } from "../components/popover.js";
import { Raised } from "../components/row.js";
import { useStill } from "../components/still.js";
import { stopwatch, t } from "../i18n.js";
import { assign } from "../models/acts.js";
import { boardChanged } from "../models/board.js";
import { now } from "../models/clock.js";
import { skillsWords, waitsChip, waitsOf, waitsWords } from "../models/why.js";
import { inboxPath } from "../router.js";
import { html, useCallback, useRef, useState } from "../ui.js";

/** What waits now, the most urgent first. @param {{ queue: Row[], waiting: number }} props */
export function BoardQueue({ queue, waiting }) {
  useSecond();
  const { rows, holds } = useStill(queue);
  const more = waiting - queue.length;
  return html`<section class="panel" ...${holds}><h2 id="queue">${t("board.queue")}</h2>
    ${!rows.length && html`<p class="none"><${Icon} name="check" />${t("empty.waiting")}</p>`}
    ${
      rows.length > 0 &&
      html`<table aria-labelledby="queue" class="of-queue"><thead><tr><th scope="col">${t("board.customer")}</th><th scope="col">${t("why.needs")}</th>
        <th scope="col" class="r">${t("board.waits")}</th><th scope="col"><span class="unseen">${t("board.give")}</span></th></tr></thead>
      <tbody>${rows.map((row) => html`<${Waiting} key=${row.id} row=${row} />`)}</tbody></table>`
    }
    ${more > 0 && html`<p class="muted">${t("board.more", { count: more })}</p>`}
  </section>`;
}

/** @param {{ row: Row & { gone?: boolean } }} props */
function Waiting({ row }) {
  const name = row.customer.name || t("customer.nameless");
  const since = row.waits?.since ?? row.waiting_since;
  const asked = [...(row.needs?.require.length ? [skillsWords(row.needs.require)] : []), row.team?.name]
    .filter(Boolean)
    .join(" · ");
  return html`<tr class=${row.gone ? "gone" : ""}>
    <td><a class="customer-of" href=${inboxPath("waiting", row.number)} title=${name}><${Icon} name=${channelIcon(row.channel.kind)} small /><span>${name}</span></a></td>
    <td><span class="asked"><${Raised} row=${row} /><span>${asked || html`<span class="muted">${t("board.anybody")}</span>`}</span><${Missing} row=${row} /></span></td>
    <td class="r">${row.gone ? "" : since && stopwatch(now() - Date.parse(since))}</td>
    <td class="r give">${!row.gone && html`<${Give} row=${row} name=${name} />`}</td></tr>`;
}

/** @type {Readonly<Record<string, "red" | "gold" | "blue" | "">>} */
const TONES = { lacks_skill: "red", nobody_here: "red", declined: "gold", full: "gold" };

/** @param {{ row: Row }} props */
function Missing({ row }) {
  if (row.offer)
    return html`<${Chip} tone="blue" icon="hand">${t("board.offered", { name: row.offer.agent.name.split(" ")[0] })}</${Chip}>`;
  const waits = waitsOf(row);
  if (!waits) return null;
  const words = waitsChip(waits);
  return words && html`<${Chip} tone=${TONES[waits.why] ?? ""} title=${waitsWords(waits, now())}>${words}</${Chip}>`;
}

/** @param {{ row: Row, name: string }} props */
function Give({ row, name }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef(/** @type {HTMLElement | null} */ (null));
  const close = useCallback((/** @type {string} */ how) => {
    setOpen(false);
    if (how !== "away") anchor.current?.querySelector("button")?.focus();
  }, []);
  /** @param {string | null} to */
  const give = async (to) => {
    close("chosen");
    if (to) await assign(row, to);
    boardChanged();
  };
  return html`<span class="anchor" ref=${anchor}><${IconButton} icon="give" class="small" label=${t("board.give_to", { name })} aria-haspopup="listbox" aria-expanded=${String(open)} onClick=${() => setOpen(!open)} />
    ${open && html`<${Popover} anchor=${anchor} close=${close} align="end" class="wide"><${AgentPicker} chosen=${null} choose=${give} nobody=${false} row=${row} /></${Popover}>`}</span>`;
}
