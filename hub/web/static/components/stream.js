/** @import { Entry, Row } from "../types.js" */
import { dayMark, dayOf, t } from "../i18n.js";
import { now } from "../models/clock.js";
import { older } from "../models/conversation.js";
import { pendingIn } from "../models/outbox.js";
import { typistsIn } from "../models/presence.js";
import { me } from "../models/session.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../ui.js";
import { Happening } from "./happening.js";
import { Icon } from "./icon.js";
import { Message, PendingMessage } from "./message.js";

const JOIN_WITHIN_MS = 5 * 60_000;
const NEAR_BOTTOM = 60;
const NEAR_TOP = 300;

/** Everything that was said and done, oldest first. @param {{ opened: import("../models/conversation.js").Opened, row: Row }} props */
export function Stream({ opened, row }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const inside = useRef(/** @type {HTMLElement | null} */ (null));
  const stick = useRef(true);
  const height = useRef(0);
  const [below, setBelow] = useState(0);
  const entries = opened.entries.value;
  const unread = opened.unread.value;
  const told = new Set(entries.flatMap((entry) => (entry.type === "message" ? [entry.message.id] : [])));
  const pending = pendingIn(opened.id).filter((one) => !told.has(one.id));
  const customer = row.customer.name || t("customer.nameless");
  const newest = newestOf(entries);
  const seenBottom = useRef(newest);
  const oldest = entries[0];
  const top = useRef({ entry: oldest, height: 0 });

  // A conversation opens at its end, or where the new begins.
  useLayoutEffect(() => {
    const mark = inside.current?.querySelector(".new-mark");
    stick.current = true;
    seenBottom.current = newest;
    setBelow(0);
    toBottom(box.current);
    if (mark && box.current) {
      const above = mark.getBoundingClientRect().top - box.current.getBoundingClientRect().top;
      if (above < 0) box.current.scrollTop += above - 16;
    }
  }, [opened]);

  // Older entries come in above what is read.
  useLayoutEffect(() => {
    const element = /** @type {HTMLElement} */ (box.current);
    const before = top.current;
    if (before.entry !== oldest && before.entry && entries.includes(before.entry)) {
      element.scrollTop += element.scrollHeight - before.height;
    }
    top.current = { entry: oldest, height: element.scrollHeight };
  });

  // What we send is always shown; what others send only if we stand at the end.
  useLayoutEffect(() => {
    const last = entries.at(-1);
    const ours = last?.type === "message" && last.message.author.id === me.peek()?.id;
    if (newest > seenBottom.current && !stick.current && !ours) setBelow((count) => count + 1);
    if (ours && newest > seenBottom.current) stick.current = true;
    seenBottom.current = newest;
    if (stick.current) toBottom(box.current);
  }, [newest, entries.length]);
  useLayoutEffect(() => {
    if (!pending.length) return;
    stick.current = true;
    toBottom(box.current);
  }, [pending.length]);

  // The composer grows, a mail gets its height: the end stays where it is.
  useEffect(() => {
    const watch = new ResizeObserver(() => {
      if (stick.current) toBottom(box.current);
    });
    watch.observe(/** @type {HTMLElement} */ (inside.current));
    watch.observe(/** @type {HTMLElement} */ (box.current));
    return () => watch.disconnect();
  }, []);

  const scrolled = () => {
    const element = /** @type {HTMLElement} */ (box.current);
    const same = element.clientHeight === height.current;
    height.current = element.clientHeight;
    if (same) stick.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_BOTTOM;
    if (stick.current) setBelow(0);
    if (element.scrollTop < NEAR_TOP) older(opened);
  };
  return html`<div class="stream-place">
    <div class="stream" ref=${box} onScroll=${scrolled} tabindex="0" role="region" aria-label=${t("stream.label", { name: customer })}>
      <div class="inside" ref=${inside}>
        ${opened.before !== null && html`<p class="happening more">${t("stream.more")}</p>`}
        ${lines(entries, unread, customer, opened.id)}
        ${pending.map((one) => html`<${PendingMessage} key=${one.id} one=${one} />`)}
        <${Typing} id=${opened.id} customer=${customer} />
      </div>
    </div>
    ${
      below > 0 &&
      html`<button type="button" class="below" onClick=${() => {
        stick.current = true;
        toBottom(box.current, "smooth");
      }}><${Icon} name="toBottom" small />${t("stream.below", { count: below })}</button>`
    }
  </div>`;
}

/** @param {Entry[]} entries @param {{ from: number, to: number }} unread @param {string} customer @param {string} conversation */
function lines(entries, unread, customer, conversation) {
  const shown = [];
  let day = "";
  let marked = false;
  /** @type {Entry | null} */
  let before = null;
  for (const [i, entry] of entries.entries()) {
    const at = entry.type === "message" ? entry.message.at : entry.at;
    if (dayOf(at) !== day) {
      day = dayOf(at);
      shown.push(html`<h3 class="day" key=${`day ${day}`}><span>${dayMark(at, now())}</span></h3>`);
      before = null;
    }
    if (!marked && isNew(entry, unread) && before) {
      shown.push(html`<p class="new-mark" key="new"><span>${t("stream.new")}</span></p>`);
      before = null;
    }
    marked ||= isNew(entry, unread);
    shown.push(
      entry.type === "message"
        ? html`<${Message} key=${entry.message.id} message=${entry.message} joined=${joins(before, entry)} told=${sameState(entry, entries[i + 1])} customer=${customer} fresh=${now() - Date.parse(at) < 2000} />`
        : html`<${Happening} key=${`${entry.kind} ${entry.at}`} event=${entry} customer=${customer} conversation=${conversation} />`,
    );
    before = entry;
  }
  return shown;
}

/** @param {Entry} entry @param {{ from: number, to: number }} unread */
function isNew(entry, unread) {
  if (entry.type !== "message" || entry.message.direction !== "in" || !unread.from) return false;
  return entry.message.seq > unread.from && entry.message.seq <= unread.to;
}

/** @param {Entry | null} before @param {Entry} entry */
function joins(before, entry) {
  if (before?.type !== "message" || entry.type !== "message") return false;
  const [a, b] = [before.message, entry.message];
  return (
    a.direction === b.direction &&
    a.author.id === b.author.id &&
    a.channel.id === b.channel.id &&
    Date.parse(b.at) - Date.parse(a.at) < JOIN_WITHIN_MS
  );
}

/** Of answers that went the same way, the last one says it for all. @param {Entry} entry @param {Entry | undefined} next */
function sameState(entry, next) {
  if (entry.type !== "message" || next?.type !== "message" || !joins(entry, next)) return false;
  const { delivery } = entry.message;
  return delivery === next.message.delivery && (delivery === "delivered" || delivery === "read" || delivery === "sent");
}

/** @param {Entry[]} entries */
function newestOf(entries) {
  const last = entries.findLast((entry) => entry.type === "message");
  return last?.type === "message" ? last.message.seq : 0;
}

/** @param {{ id: string, customer: string }} props */
function Typing({ id, customer }) {
  const writing = typistsIn(id).some((one) => one.kind === "customer");
  return html`<p class=${`typing ${writing ? "on" : ""}`} role="status">${writing && html`<i aria-hidden="true"><b></b><b></b><b></b></i>${t("typing.customer", { name: customer })}`}</p>`;
}

/** @param {HTMLElement | null} element @param {ScrollBehavior} [behavior] */
function toBottom(element, behavior = "instant") {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element?.scrollTo({ top: element.scrollHeight, behavior: still ? "instant" : behavior });
}
