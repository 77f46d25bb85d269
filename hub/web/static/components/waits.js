/** @import { Row } from "../types.js" */
import { span, t } from "../i18n.js";
import { beat } from "../models/clock.js";
import { skillsWords, waitsOf, waitsWords } from "../models/why.js";
import { html, useId, useState } from "../ui.js";
import { Icon } from "./icon.js";
import { Whole } from "./whole.js";

/** Below the head of a conversation that waits: why it still does, as it is now. @param {{ row: Row }} props */
export function Waits({ row }) {
  const [asked, setAsked] = useState(false);
  const id = useId();
  const waiting = row.status === "open" && !row.assignee && row.turn === "us";
  if (!waiting) return null;
  const now = beat.value;
  const waits = waitsOf(row);
  const since = row.waits?.since ?? row.waiting_since;
  const words = row.offer
    ? t("board.offered", { name: row.offer.agent.name })
    : waits
      ? waitsWords(waits, now)
      : t("view.waiting");
  const more = [
    row.team && t("waits.team", { team: row.team.name }),
    row.needs?.require.length && `${t("why.needs").toLowerCase()} ${skillsWords(row.needs.require)}`,
    since && t("waits.since", { time: span(Math.max(0, now - Date.parse(since))) }),
  ].filter(Boolean);
  return html`<section class="still-waits" aria-label=${t("why.waiting")}>
    <div class="still-line"><${Icon} name=${row.offer ? "hand" : "clock"} small /><p><b role="status">${words}</b>${more.length > 0 && html` <span class="muted">· ${more.join(" · ")}</span>`}</p>
      <button type="button" class="ask" aria-expanded=${String(asked)} aria-controls=${asked ? id : undefined} onClick=${() => setAsked(!asked)}>${t("why")}</button></div>
    ${asked && html`<${Whole} key=${`${row.version} ${row.waits?.at}`} id=${id} conversation=${row.id} />`}
  </section>`;
}
