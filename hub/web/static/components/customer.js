/** @import { Customer, Row } from "../types.js" */
import { ago, dayShort, fullTimeOf, has, languageName, money, number, t, timeIn } from "../i18n.js";
import { beat } from "../models/clock.js";
import { hereIn } from "../models/inbox.js";
import { place } from "../router.js";
import { html } from "../ui.js";
import { Avatar } from "./avatar.js";
import { IconButton } from "./button.js";
import { Chip } from "./chip.js";
import { channelIcon, Icon } from "./icon.js";

/** Who we talk with. @param {{ customer: Customer | null, row: Row, close: () => void }} props */
export function CustomerPane({ customer, row, close }) {
  return html`<aside class="customer" aria-label=${t("customer.label")} id="customer">
    <${IconButton} icon="x" label=${t("close")} class="shut" onClick=${close} />
    ${customer ? html`<${Profile} customer=${customer} row=${row} />` : html`<${Waiting} row=${row} />`}
  </aside>`;
}

/** @param {{ row: Row }} props */
function Waiting({ row }) {
  return html`<section class="person"><${Avatar} id=${row.customer.id} name=${row.customer.name} size="l" /><div><h2>${row.customer.name}</h2></div></section>`;
}

/** @param {{ customer: Customer, row: Row }} props */
function Profile({ customer, row }) {
  const facts = Object.entries(customer.attributes).filter(([, value]) => value !== null && value !== "");
  return html`<${Head} customer=${customer} />
    <${Addresses} customer=${customer} />
    ${customer.orders.totals.length > 0 && html`<${Totals} totals=${customer.orders.totals} />`}
    ${facts.length > 0 && html`<section><h3>${t("customer.attributes")}</h3><dl>${facts.map(([name, value]) => html`<div key=${name}><dt title=${name}>${name}</dt><dd title=${plain(value)}>${plain(value)}</dd></div>`)}</dl></section>`}
    <section><h3>${t("customer.timeline")}</h3><${Timeline} customer=${customer} row=${row} /></section>`;
}

/** @param {{ customer: Customer }} props */
function Head({ customer }) {
  const name = customer.name || t("customer.nameless");
  const now = beat.value;
  const time = customer.time_zone ? timeIn(customer.time_zone, now) : "";
  const about = [customer.locale && languageName(customer.locale), time && t("customer.their_time", { time })].filter(
    Boolean,
  );
  const stage = has(`lifecycle.${customer.lifecycle}`) ? t(`lifecycle.${customer.lifecycle}`) : customer.lifecycle;
  return html`<section class="person"><${Avatar} id=${customer.id} name=${customer.name} size="l" />
    <div><h2 title=${name}>${name}</h2>${about.length > 0 && html`<p>${about.join(" · ")}</p>`}
      <div class="chips"><${Chip} tone="blue">${stage}</${Chip}>${customer.tags.map((tag) => html`<${Chip} key=${tag} icon="tag" title=${tag}>${tag}</${Chip}>`)}</div></div></section>`;
}

/** @type {Readonly<Record<string, string>>} */
const IDENTITY_ICONS = { email: "mail", phone: "phone", telegram: "plane", visitor: "chat", external: "link" };

/** What is proved, and what is only said. @param {{ customer: Customer }} props */
function Addresses({ customer }) {
  const { identities, claims } = customer;
  if (!identities.length && !claims.length) return null;
  return html`<section><h3 class="unseen">${t("customer.addresses")}</h3><ul class="idents">
    ${identities.map(
      (
        one,
      ) => html`<li key=${`${one.kind} ${one.value}`}><${Icon} name=${IDENTITY_ICONS[one.kind] ?? "link"} small /><span class="value" title=${identityWords(one)} tabindex="-1">${identityWords(one)}</span>
        ${one.verified && html`<span class="ok" title=${t("identity.verified")}><${Icon} name="verified" small /><span class="unseen">${t("identity.verified")}</span></span>`}</li>`,
    )}
    ${claims.map(
      (
        one,
      ) => html`<li class="claim" key=${`claim ${one.kind} ${one.value}`} title=${t("claim.title")}><${Icon} name="help" small />
        <span class="value" title=${one.value}>${t("claim.may_be", { value: identityWords(one) })}</span></li>`,
    )}
  </ul></section>`;
}

/** @param {{ kind: string, value: string }} one */
function identityWords({ kind, value }) {
  if (kind === "visitor") return t("identity.visitor");
  if (kind === "phone") return value.replace(/^\+55(\d{2})(\d{4,5})(\d{4})$/, "+55 $1 $2-$3");
  if (kind === "external") return value.split(":").slice(1).join(":") || value;
  return value;
}

/** @param {{ totals: Customer["orders"]["totals"] }} props */
function Totals({ totals }) {
  const count = totals.reduce((sum, one) => sum + one.count, 0);
  return html`<section class="facts">
    <div><b>${number(count)}</b><span>${t("orders.count", { count })}</span></div>
    ${totals.map((one) => html`<div key=${one.currency}><b title=${money(one.sum, one.currency)}>${money(one.sum, one.currency, { round: true })}</b><span>${t("orders.sum")}</span></div>`)}
  </section>`;
}

/** Orders and conversations over all channels, the latest first. @param {{ customer: Customer, row: Row }} props */
function Timeline({ customer, row }) {
  const now = beat.value;
  const lines = [
    ...customer.conversations.map((one) => ({ at: one.last?.at ?? one.at, line: conversationLine(one, row) })),
    ...customer.orders.last.map((one) => ({ at: one.at, line: orderLine(one) })),
    { at: customer.created_at, line: { icon: "customer", what: t("timeline.first") } },
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return html`<ol class="timeline">${lines.map(
    ({ at, line }, i) => html`<li key=${i}><${Icon} name=${line.icon} /><div>${line.what}</div>
      <time datetime=${at} title=${fullTimeOf(at)}>${now - Date.parse(at) < 6 * 86_400_000 ? ago(at, now) : dayShort(at, now)}</time></li>`,
  )}</ol>`;
}

/** @param {Customer["conversations"][number]} one @param {Row} row */
function conversationLine(one, row) {
  const icon = channelIcon(one.channel.kind);
  const title = one.subject || one.last?.text || t("conversation.number", { number: String(one.number) });
  if (one.id === row.id) {
    return { icon, what: html`<b>${t("timeline.this")}</b><small>${one.channel.name}</small>` };
  }
  const status = t(one.status === "resolved" ? "timeline.resolved" : "timeline.open");
  const view = place.value.params.view ?? "all";
  return {
    icon,
    what: html`<a href=${hereIn(view, one.number)} title=${title}>${title}</a><small>${one.channel.name} · ${status}</small>`,
  };
}

/** @param {Customer["orders"]["last"][number]} one */
function orderLine(one) {
  const status = has(`order.${one.status}`) ? t(`order.${one.status}`) : one.status;
  return {
    icon: "bag",
    what: html`<span>${t("timeline.order", { number: one.number })}, <b>${money(one.total, one.currency)}</b></span><small>${status}</small>`,
  };
}

/** @param {unknown} value */
function plain(value) {
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (Array.isArray(value)) return value.map(String).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
