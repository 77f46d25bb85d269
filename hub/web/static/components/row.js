/** @import { Row, ViewName } from "../types.js" */
import { ago, fullTimeOf, span, t } from "../i18n.js";
import { beat } from "../models/clock.js";
import { hereIn, rowOf, unread } from "../models/inbox.js";
import { me } from "../models/session.js";
import { waitsChip, waitsOf, waitsWords } from "../models/why.js";
import { html } from "../ui.js";
import { Avatar } from "./avatar.js";
import { Chip } from "./chip.js";
import { channelIcon } from "./icon.js";

export const ROW_HEIGHT = 84;
const MINUTE_MS = 60_000;
/** How long a customer may wait, by kind of channel: marigold from a sixth of it on, red when it is past. */
const PATIENCE_MS = /** @type {Readonly<Record<string, number>>} */ ({
  widget: 30 * MINUTE_MS,
  telegram: 30 * MINUTE_MS,
});
const PATIENCE_ELSEWHERE_MS = 240 * MINUTE_MS;
const TAGS_SHOWN = 2;
const SHOWS_ASSIGNEE = new Set(["team", "all", "resolved"]);

/** @param {{ id: string, view: ViewName, open: boolean, at: boolean }} props */
export function ConversationRow({ id, view, open, at }) {
  const row = rowOf(id);
  if (!row) return null;
  const now = beat.value;
  const tags = [
    ...(row.raised > 0 && row.status === "open" ? [html`<${Raised} key="raised" row=${row} />`] : []),
    ...lackChip(row, now),
    ...tagChips(row),
  ];
  const fresh = unread(row);
  const name = row.customer.name || t("customer.nameless");
  const names = ["item", open && "on", at && "at", fresh && "new", tags.length && "tagged"].filter(Boolean).join(" ");
  return html`<a class=${names} href=${hereIn(view, row.number)} data-id=${id} aria-current=${open ? "true" : undefined}>
    ${fresh && html`<i class="fresh" aria-hidden="true"></i>`}
    <${Avatar} id=${row.customer.id} name=${row.customer.name} via=${channelIcon(row.channel.kind)} />
    <div class="what">
      <div class="top"><span class="who" title=${name}>${name}</span>${fresh && html`<span class="unseen">${t("row.unread")}</span>`}${when(row, now, view)}</div>
      <div class="rest">
        <div class="words"><p>${row.subject && html`<b>${row.subject}</b>${row.last?.text ? " · " : ""}`}${lastWords(row)}</p>
          ${tags.length > 0 && html`<div class="chips">${tags}</div>`}</div>
        ${SHOWS_ASSIGNEE.has(view) && row.assignee && html`<${With} person=${row.assignee} />`}
      </div>
    </div>
  </a>`;
}

/** How long somebody waits, with a colour when it is long. Else when something was said last. @param {Row} row @param {number} now @param {ViewName} view */
function when(row, now, view) {
  if (row.status === "resolved" && view !== "resolved")
    return html`<${Chip} tone="green" icon="check">${t("row.resolved")}</${Chip}>`;
  if (row.status === "open" && row.turn === "us" && row.waiting_since) {
    const ms = Math.max(0, now - Date.parse(row.waiting_since));
    const patience = PATIENCE_MS[row.channel.kind] ?? PATIENCE_ELSEWHERE_MS;
    const long = ms > patience;
    return html`<${Chip} tone=${long ? "red" : ms > patience / 6 ? "gold" : ""} icon="clock" title=${t(long ? "row.waits_long" : "row.waits", { time: span(ms) })}>
      <span class="unseen">${t("row.waits_for")} </span>${span(ms)}</${Chip}>`;
  }
  return (
    row.last && html`<time datetime=${row.last.at} title=${fullTimeOf(row.last.at)}>${ago(row.last.at, now)}</time>`
  );
}

/** Why it stands before others that have waited longer. @param {{ row: Row }} props */
export function Raised({ row }) {
  if (row.raised <= 0) return null;
  return html`<${Chip} tone="blue" icon="up" title=${t("row.raised.more", { count: row.priority })}>${t("row.raised", { count: row.priority })}</${Chip}>`;
}

/** @param {{ person: { id: string, name: string } }} props */
function With({ person }) {
  const words = t("row.with", { name: person.name });
  return html`<span class="with" title=${words}><${Avatar} id=${person.id} name=${person.name} size="xs" /><span class="unseen">${words}</span></span>`;
}

/** What nobody who is here can, or whom it waits for. @param {Row} row @param {number} now */
function lackChip(row, now) {
  if (row.offer)
    return [html`<${Chip} key="offer" tone="blue" icon="hand">${row.offer.agent.name.split(" ")[0]}</${Chip}>`];
  const waits = waitsOf(row);
  const words = waits && waitsChip(waits);
  return words ? [html`<${Chip} key="lack" icon="clock" title=${waitsWords(waits, now)}>${words}</${Chip}>`] : [];
}

/** @param {Row} row */
function tagChips(row) {
  const shown = waitsOf(row) || row.offer ? 1 : TAGS_SHOWN;
  const chips = row.tags.slice(0, shown).map((tag) => html`<${Chip} key=${`#${tag}`} title=${tag}>${tag}</${Chip}>`);
  const rest = row.tags.slice(shown);
  if (rest.length) chips.push(html`<${Chip} key="rest" title=${rest.join(", ")}>+${rest.length}</${Chip}>`);
  return chips;
}

/** @param {Row} row */
function lastWords(row) {
  const { last } = row;
  if (!last) return "";
  const text = last.text || t("row.no_text");
  if (last.direction === "in") return text;
  const mine = last.author === me.value?.id || last.author === me.value?.name;
  if (last.direction === "note") return html`<i>${t("row.note")}</i> ${text}`;
  return html`<i>${mine ? t("row.you") : t("row.we", { name: last.author || t("row.team") })}</i> ${text}`;
}
