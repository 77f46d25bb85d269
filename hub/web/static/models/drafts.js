// What somebody began to write, a conversation each, kept in this browser until it is sent.
import { signal } from "../vendor/signals.js";
import { keep, recall } from "./memory.js";
import { me } from "./session.js";

/** @typedef {{ reply: string, note: string, tab: "reply" | "note", basis: number | null }} Draft */

/** @type {Readonly<Draft>} */
const EMPTY = { reply: "", note: "", tab: "reply", basis: null };
const KEEP_AFTER_MS = 250;

/** @type {Map<string, import("../vendor/signals.js").Signal<Draft>>} */
const drafts = new Map();
/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const waiting = new Map();

/** Whether what is written is safe in this browser's storage. */
export const saved = signal(true);

/** @param {string} conversation */
export function draftOf(conversation) {
  let draft = drafts.get(conversation);
  if (!draft) {
    draft = signal({ ...EMPTY, ...recall(name(conversation), {}) });
    drafts.set(conversation, draft);
  }
  return draft;
}

/** @param {string} conversation @param {Partial<Draft>} change */
export function write(conversation, change) {
  const draft = draftOf(conversation);
  draft.value = { ...draft.peek(), ...change };
  saved.value = false;
  clearTimeout(waiting.get(conversation));
  waiting.set(
    conversation,
    setTimeout(() => save(conversation), KEEP_AFTER_MS),
  );
}

/**
 * What stands in the field now. A reply remembers the newest answer that could be seen when it was begun.
 * @param {import("../types.js").Row} row
 * @param {"reply" | "note"} tab
 * @param {string} text
 */
export function type(row, tab, text) {
  const begins = tab === "reply" && !draftOf(row.id).peek().reply.trim();
  write(row.id, { [tab]: text, ...(begins ? { basis: row.last_out_seq } : {}) });
}

/** @param {string} conversation */
function save(conversation) {
  const draft = draftOf(conversation).peek();
  const empty = !draft.reply.trim() && !draft.note.trim();
  waiting.delete(conversation);
  saved.value = keep(name(conversation), empty ? undefined : draft);
}

/** Whatever is not yet kept, now: the page is about to go. */
export function saveDrafts() {
  for (const [conversation, timer] of [...waiting]) {
    clearTimeout(timer);
    save(conversation);
  }
}

/** Puts text back before whatever stands there. @param {string} conversation @param {"reply" | "note"} tab @param {string} text */
export function putBack(conversation, tab, text) {
  const now = draftOf(conversation).peek()[tab];
  write(conversation, { tab, [tab]: now.trim() ? `${text}\n\n${now}` : text });
}

/** @param {string} conversation */
function name(conversation) {
  return `draft.${me.peek()?.id ?? ""}.${conversation}`;
}
