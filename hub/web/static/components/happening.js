/** @import { Author, EventEntry } from "../types.js" */
import { fullTimeOf, has, t, timeOf, tx } from "../i18n.js";
import { me } from "../models/session.js";
import { html } from "../ui.js";
import { Icon } from "./icon.js";

/** @type {Readonly<Record<string, string>>} */
const ICONS = {
  "conversation.begun": "chat",
  "conversation.assigned": "give",
  "conversation.released": "dashed",
  "conversation.resolved": "check",
  "conversation.reopened": "reopen",
  "claim.added": "customer",
};

/** What happened, as one calm line between the messages. @param {{ event: EventEntry, customer: string }} props */
export function Happening({ event, customer }) {
  return html`<p class="happening"><${Icon} name=${ICONS[event.kind] ?? "clock"} small />
    <span>${sentence(event, customer)}</span><time datetime=${event.at} title=${fullTimeOf(event.at)}>${timeOf(event.at)}</time></p>`;
}

/** @param {EventEntry} event @param {string} customer */
function sentence(event, customer) {
  const { actor, data } = event;
  const by =
    actor.kind === "agent" ? (isMe(actor.id) ? "you" : "agent") : actor.kind === "customer" ? "customer" : "system";
  const words = {
    actor: bold(actor.kind === "customer" ? actor.name || customer : actor.name),
    assignee: bold(data.assignee_name),
    from: bold(data.from_name),
    what: t(has(`claim.${data.kind}`) ? `claim.${data.kind}` : "claim.other"),
  };
  if (event.kind === "conversation.assigned") return tx(assigned(actor, data, by), words);
  if (event.kind === "conversation.begun") return tx(data.previous ? "event.begun.again" : "event.begun", words);
  return tx(`event.${event.kind.replace(/^conversation\./, "")}.${by}`, words);
}

/** @param {Author} actor @param {Record<string, any>} data @param {string} by */
function assigned(actor, data, by) {
  const to = isMe(data.assignee) ? "you" : "other";
  if (by === "system" || by === "customer") return `event.went.${to}`;
  const verb = data.assignee === actor.id ? "took" : data.from ? "passed" : "gave";
  if (verb === "took") return data.from && data.from !== actor.id ? `event.took_over.${by}` : `event.took.${by}`;
  return `event.${verb}.${by === "you" ? "you" : "agent"}.${to}`;
}

/** @param {string | null | undefined} id */
function isMe(id) {
  return Boolean(id) && id === me.value?.id;
}

/** @param {string | undefined} name */
function bold(name) {
  return html`<b>${name || t("somebody")}</b>`;
}
