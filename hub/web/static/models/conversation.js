// The conversations that were opened lately, message by message.
/** @import { Customer, Entry, EventEntry, Message, OpenedConversation } from "../types.js" */
import { api, asProblem } from "../api.js";
import { batch, signal } from "../vendor/signals.js";
import { idOf, peekRow, upsert } from "./inbox.js";
import { me } from "./session.js";

const KEPT = 24;
const MOST_TRIES = 3;

const DELIVERY_RANK = { queued: 0, sending: 1, unknown: 2, failed: 2, sent: 3, delivered: 4, read: 5 };

export const TIMELINE = new Set([
  "conversation.begun",
  "conversation.assigned",
  "conversation.released",
  "conversation.resolved",
  "conversation.reopened",
  "conversation.waits",
  "conversation.offered",
  "conversation.declined",
  "claim.added",
]);

/** One conversation and its customer. */
export class Opened {
  /** @param {string} id */
  constructor(id) {
    this.id = id;
    /** Oldest first. @type {import("../vendor/signals.js").Signal<Entry[]>} */
    this.entries = signal([]);
    /** Where older entries go on; null when there are none. @type {number | null} */
    this.before = null;
    /** @type {import("../vendor/signals.js").Signal<Customer | null>} */
    this.customer = signal(null);
    /** What was unread when it was opened, after `from` up to `to`: the mark "new" stands before it. */
    this.unread = signal({ from: 0, to: 0 });
    this.withdrawn = new Set();
    this.paging = false;
  }

  /** @param {OpenedConversation} answer */
  take(answer) {
    const first = firstSeq(answer.entries);
    const kept = this.entries.peek();
    const last = lastSeq(kept);
    const joins = kept.length > 0 && last >= first - 1;
    const older = joins ? kept.filter((entry) => isBefore(entry, first, timeOf(answer.entries[0]))) : [];
    const fresh = new Set(answer.entries.map(keyOf));
    const later = kept.filter(
      (entry) => entry.type === "message" && entry.message.seq > lastSeq(answer.entries) && !fresh.has(keyOf(entry)),
    );
    const states = new Map(kept.flatMap((entry) => (entry.type === "message" ? [[entry.message.id, entry]] : [])));
    const told = answer.entries
      .filter((entry) => entry.type !== "message" || !this.withdrawn.has(entry.message.id))
      .map((entry) => furthest(entry, entry.type === "message" ? states.get(entry.message.id) : undefined));
    if (!joins || older.length === 0) this.before = answer.before;
    batch(() => {
      this.entries.value = [...older, ...told, ...later];
      this.customer.value = answer.customer;
    });
  }

  /** @param {Message} message */
  put(message) {
    if (this.withdrawn.has(message.id)) return;
    const entry = /** @type {Entry} */ ({ type: "message", message });
    const entries = this.entries.peek();
    const at = entries.findIndex((one) => one.type === "message" && one.message.id === message.id);
    if (at >= 0) {
      this.entries.value = entries.with(at, furthest(entry, entries[at]));
      return;
    }
    const after = entries.findLastIndex((one) => one.type === "message" && one.message.seq < message.seq);
    const newest = lastSeq(entries) < message.seq;
    this.entries.value = newest ? [...entries, entry] : entries.toSpliced(after + 1, 0, entry);
  }

  /** @param {EventEntry} event */
  note(event) {
    const entries = this.entries.peek();
    const twice = entries.some((one) => one.type === "event" && one.kind === event.kind && one.at === event.at);
    const after = entries.findLastIndex((one) => !goesBefore(event, one));
    if (!twice) this.entries.value = entries.toSpliced(after + 1, 0, event);
  }

  /** @param {string} message */
  withdraw(message) {
    this.withdrawn.add(message);
    this.entries.value = this.entries
      .peek()
      .filter((entry) => entry.type !== "message" || entry.message.id !== message);
  }
}

/** @type {Map<string, Opened>} */
const kept = new Map();

/** The conversation on the screen. @type {import("../vendor/signals.js").Signal<Opened | null>} */
export const current = signal(null);
/** @type {import("../vendor/signals.js").Signal<"idle" | "loading" | "ready" | "failed">} */
export const opening = signal(/** @type {"idle" | "loading" | "ready" | "failed"} */ ("idle"));
/** @type {import("../vendor/signals.js").Signal<import("../api.js").Problem | null>} */
export const openingProblem = signal(null);
let asked = 0;

/**
 * Shows the conversation with this number: at once if it is known, then as the hub has it now.
 * @param {number} number
 */
export async function open(number) {
  asked += 1;
  const mine = asked;
  const id = idOf(number);
  const known = id === null ? undefined : kept.get(id);
  batch(() => {
    openingProblem.value = null;
    current.value = known ?? null;
    opening.value = known ? "ready" : "loading";
  });
  if (known) known.unread.value = unreadOf(known.id);
  try {
    const answer = await api.conversation(String(number));
    const opened = remember(answer);
    if (mine !== asked) return;
    if (!known) opened.unread.value = unreadOf(opened.id);
    batch(() => {
      current.value = opened;
      opening.value = "ready";
    });
  } catch (error) {
    if (mine !== asked) return;
    const problem = asProblem(error);
    openingProblem.value = problem;
    if (!known || problem.code === "not_found") {
      batch(() => {
        current.value = null;
        opening.value = "failed";
      });
    }
  }
}

export function close() {
  asked += 1;
  batch(() => {
    current.value = null;
    opening.value = "idle";
  });
}

/** What is on the screen, as the hub has it now. @param {string} id @param {number} [tries] */
export async function refresh(id, tries = MOST_TRIES) {
  try {
    remember(await api.conversation(id), tries - 1);
  } catch (error) {
    asProblem(error); // what is shown stays; the next frame or visit asks again
  }
}

/**
 * What happened while the answer was under way found nothing to be put into: then it is asked for again.
 * @param {OpenedConversation} answer
 * @param {number} [tries]
 * @returns {Opened}
 */
function remember(answer, tries = MOST_TRIES) {
  const { id, seq, version } = answer.conversation;
  const row = peekRow(id);
  if (row && tries > 0 && (row.seq > seq || row.version > version)) refresh(id, tries);
  const opened = kept.get(id) ?? new Opened(id);
  upsert(answer.conversation);
  opened.take(answer);
  kept.delete(id);
  kept.set(id, opened);
  for (const old of kept.keys()) {
    if (kept.size <= KEPT) break;
    if (old !== current.peek()?.id) kept.delete(old);
  }
  return opened;
}

/** What is kept of a conversation, if it was opened. @param {string} id */
export const openedOf = (id) => kept.get(id) ?? null;

/** The page before. @param {Opened} opened */
export async function older(opened) {
  if (opened.before === null || opened.paging) return;
  opened.paging = true;
  try {
    const page = await api.older(opened.id, opened.before);
    const known = new Set(opened.entries.peek().map(keyOf));
    opened.before = page.before;
    opened.entries.value = [...page.entries.filter((entry) => !known.has(keyOf(entry))), ...opened.entries.peek()];
  } catch (error) {
    asProblem(error); // scrolling up asks again
  } finally {
    opened.paging = false;
  }
}

/** After a gap nothing that is kept can be trusted but what is on the screen, which is asked for again. */
export function forgetOthers() {
  const shown = current.peek();
  for (const id of [...kept.keys()]) if (id !== shown?.id) kept.delete(id);
}

export function emptyConversations() {
  kept.clear();
  close();
}

/** @param {string} id */
function unreadOf(id) {
  const row = peekRow(id);
  return { from: row?.seen?.[me.peek()?.id ?? ""] ?? 0, to: row?.seq ?? 0 };
}

/** What a message itself brings about is told after it. */
const FOLLOWS = new Set(["conversation.resolved", "claim.added"]);

/** Of the same moment, "you took the conversation" stands before the reply that took it. @param {EventEntry} event @param {Entry} other */
function goesBefore(event, other) {
  if (other.type === "event") return event.at < other.at;
  return event.at < other.message.at || (event.at === other.message.at && !FOLLOWS.has(event.kind));
}

/** @param {Entry} entry */
function keyOf(entry) {
  return entry.type === "message" ? entry.message.id : `${entry.kind} ${entry.at}`;
}

/** @param {Entry[]} entries */
function firstSeq(entries) {
  const first = entries.find((entry) => entry.type === "message");
  return first?.type === "message" ? first.message.seq : 0;
}

/** @param {Entry[]} entries */
function lastSeq(entries) {
  const last = entries.findLast((entry) => entry.type === "message");
  return last?.type === "message" ? last.message.seq : 0;
}

/** @param {Entry | undefined} entry */
function timeOf(entry) {
  return entry?.type === "message" ? entry.message.at : entry?.at;
}

/** @param {Entry} entry @param {number} seq @param {string | undefined} at */
function isBefore(entry, seq, at) {
  return entry.type === "message" ? entry.message.seq < seq : at !== undefined && entry.at < at;
}

/** A delivery state never goes back. @param {Entry} entry @param {Entry | undefined} known @returns {Entry} */
function furthest(entry, known) {
  if (entry.type !== "message" || known?.type !== "message") return entry;
  const theirs = entry.message.delivery;
  const ours = known.message.delivery;
  if (!theirs || !ours || DELIVERY_RANK[theirs] >= DELIVERY_RANK[ours]) return entry;
  return { type: "message", message: { ...entry.message, delivery: ours, failure: known.message.failure } };
}
