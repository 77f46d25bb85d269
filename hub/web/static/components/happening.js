/** @import { Author, DecisionView, EventEntry } from "../types.js" */
import { fullTimeOf, has, t, timeOf, tx } from "../i18n.js";
import { beat } from "../models/clock.js";
import { me } from "../models/session.js";
import { line, reasons } from "../models/why.js";
import { Fragment, html, useId, useState } from "../ui.js";
import { Icon } from "./icon.js";
import { Whole } from "./whole.js";

/** @type {Readonly<Record<string, string>>} */
const ICONS = {
  "conversation.begun": "chat",
  "conversation.assigned": "give",
  "conversation.released": "dashed",
  "conversation.resolved": "check",
  "conversation.reopened": "reopen",
  "conversation.waits": "clock",
  "conversation.offered": "hand",
  "conversation.declined": "x",
  "claim.added": "customer",
};

/**
 * What happened, as one calm line between the messages; what routing did can be asked for its reasons.
 * @param {{ event: EventEntry, customer: string, conversation: string }} props
 */
export function Happening({ event, customer, conversation }) {
  const [asked, setAsked] = useState(false);
  const id = useId();
  const decision = decisionOf(event);
  const icon = decision?.agent && event.kind === "conversation.assigned" ? "route" : (ICONS[event.kind] ?? "clock");
  return html`<${Fragment}><p class="happening"><${Icon} name=${icon} small />
    <span>${sentence(event, customer, decision)}</span>
    ${decision && html`<button type="button" class="ask" aria-expanded=${String(asked)} aria-controls=${asked ? id : undefined} onClick=${() => setAsked(!asked)}>${t("why")}</button>`}
    <time datetime=${event.at} title=${fullTimeOf(event.at)}>${timeOf(event.at)}</time></p>
    ${asked && decision && html`<${Whole} id=${id} conversation=${conversation} event=${event.id} short=${decision} />`}</${Fragment}>`;
}

/** What routing decided, where it had a say. @param {EventEntry} event @returns {DecisionView | null} */
function decisionOf({ data }) {
  return data.decision?.needs?.require ? data.decision : null;
}

/** @param {EventEntry} event @param {string} customer @param {DecisionView | null} decision */
function sentence(event, customer, decision) {
  const { actor, data } = event;
  const by =
    actor.kind === "agent" ? (isMe(actor.id) ? "you" : "agent") : actor.kind === "customer" ? "customer" : "system";
  const words = {
    actor: bold(actor.kind === "customer" ? actor.name || customer : actor.name),
    assignee: bold(data.assignee_name ?? data.agent_name ?? decision?.agent?.name),
    from: bold(data.from_name),
    what: t(has(`claim.${data.kind}`) ? `claim.${data.kind}` : "claim.other"),
    reasons: decision ? reasons(decision) : "",
  };
  const key = SAID[event.kind]?.(event, decision, by);
  if (key) return tx(key, words);
  if (event.kind === "conversation.waits") return decision ? line(decision, beat.value) : t("why.nobody.other");
  return tx(`event.${event.kind.replace(/^conversation\./, "")}.${by}`, words);
}

/** Who it is about: the words are others for the reader. @param {string | null | undefined} id */
const whom = (id) => (isMe(id) ? "you" : "other");

/** @type {Readonly<Record<string, (event: EventEntry, decision: DecisionView | null, by: string) => string | null>>} */
const SAID = {
  "conversation.begun": ({ data }) => (data.previous ? "event.begun.again" : "event.begun"),
  "conversation.assigned": ({ actor, data }, decision, by) =>
    decision && by === "system" ? `event.routed.${whom(data.assignee)}` : assigned(actor, data, by),
  "conversation.released": ({ data }) =>
    data.why === "away" || data.why === "left" ? `event.released.${data.why}.${whom(data.from)}` : null,
  "conversation.offered": ({ data }, decision) => `event.offered.${whom(data.agent)}${decision ? "" : ".plain"}`,
  "conversation.declined": ({ data }) => `event.${data.expired ? "expired" : "declined"}.${whom(data.agent)}`,
};

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
