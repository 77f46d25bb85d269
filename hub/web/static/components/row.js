/** @import { Row } from "../types.js" */
import { ago, fullTimeOf, span, t } from "../i18n.js";
import { beat } from "../models/clock.js";
import { rowOf, unread } from "../models/inbox.js";
import { me } from "../models/session.js";
import { html } from "../ui.js";
import { Avatar } from "./avatar.js";
import { Chip } from "./chip.js";
import { channelIcon } from "./icon.js";

export const ROW_HEIGHT = 94;
const LONG_WAIT_MS = 15 * 60_000;
const TAGS_SHOWN = 2;

/** @param {{ id: string, href: (row: Row) => string, open: boolean, at: boolean, showAssignee: boolean }} props */
export function ConversationRow({ id, href, open, at, showAssignee }) {
  const row = rowOf(id);
  if (!row) return null;
  const now = beat.value;
  const chips = chipsOf(row, now);
  const fresh = unread(row);
  const name = row.customer.name || t("customer.nameless");
  const names = ["item", open && "on", at && "at", fresh && "new", chips.length && "with-chips"]
    .filter(Boolean)
    .join(" ");
  return html`<a class=${names} href=${href(row)} data-id=${id} aria-current=${open ? "true" : undefined}>
    <${Avatar} id=${row.customer.id} name=${row.customer.name} via=${channelIcon(row.channel.kind)} />
    <div class="what">
      <h3><span class="who" title=${name}>${name}</span>
        ${fresh && html`<span class="unseen">${t("row.unread")}</span>`}
        ${row.last && html`<time datetime=${row.last.at} title=${fullTimeOf(row.last.at)}>${ago(row.last.at, now)}</time>`}</h3>
      <p>${row.subject && html`<b>${row.subject}</b>${row.last?.text ? " · " : ""}`}${lastWords(row)}</p>
      ${
        (chips.length > 0 || (showAssignee && row.assignee)) &&
        html`<div class="chips">${chips}${
          showAssignee &&
          row.assignee &&
          html`<span class="with" title=${t("row.with", { name: row.assignee.name })}><${Avatar} id=${row.assignee.id} name=${row.assignee.name} size="xs" />
            <span class="unseen">${t("row.with", { name: row.assignee.name })}</span></span>`
        }</div>`
      }
    </div>
    ${fresh && html`<i class="fresh" aria-hidden="true"></i>`}
  </a>`;
}

/** @param {Row} row @param {number} now */
function chipsOf(row, now) {
  const chips = [];
  const wait = waiting(row, now);
  if (wait) chips.push(wait);
  if (row.status === "resolved") {
    chips.push(html`<${Chip} key="resolved" tone="green" icon="check">${t("row.resolved")}</${Chip}>`);
  }
  const tags = row.tags.slice(0, TAGS_SHOWN);
  chips.push(...tags.map((tag) => html`<${Chip} key=${`#${tag}`} title=${tag}>${tag}</${Chip}>`));
  const rest = row.tags.length - tags.length;
  if (rest > 0) {
    chips.push(html`<${Chip} key="rest" title=${row.tags.slice(TAGS_SHOWN).join(", ")}>+${rest}</${Chip}>`);
  }
  return chips;
}

/** Marigold while somebody waits, red when it is long. @param {Row} row @param {number} now */
function waiting(row, now) {
  if (row.status !== "open" || row.turn !== "us" || !row.waiting_since) return null;
  const ms = Math.max(0, now - Date.parse(row.waiting_since));
  const long = ms > LONG_WAIT_MS;
  return html`<${Chip} key="waits" tone=${long ? "red" : "gold"} icon="clock" title=${t(long ? "row.waits_long" : "row.waits", { time: span(ms) })}>
    <span class="unseen">${t("row.waits_for")} </span>${span(ms)}</${Chip}>`;
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
