// What it means that a conversation is open: it is read, and what was sent from it can still be undone elsewhere.
import { api, asProblem } from "../api.js";
import { problemWords, t } from "../i18n.js";
import { go, place } from "../router.js";
import { effect, signal } from "../vendor/signals.js";
import { now } from "./clock.js";
import { current } from "./conversation.js";
import { hereIn, markSeen, peekRow, rowOf } from "./inbox.js";
import { undo } from "./outbox.js";
import { me } from "./session.js";
import { toast } from "./toasts.js";

const A_GLANCE_MS = 400;

/** Whether somebody looks at this page; `app.js` says so. */
export const visible = signal(true);

/** Tells the hub what was seen, while it is open and looked at. @returns {() => void} stops it */
export function readWhileOpen() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  const stop = effect(() => {
    const opened = current.value;
    const row = opened ? rowOf(opened.id) : null;
    const user = me.value?.id;
    clearTimeout(soon);
    if (!row || !user || !visible.value || row.seq <= (row.seen?.[user] ?? 0)) return;
    soon = setTimeout(() => see(row.id, row.seq), A_GLANCE_MS);
  });
  return () => {
    clearTimeout(soon);
    stop();
  };
}

/** @param {string} id @param {number} seq */
async function see(id, seq) {
  markSeen(id, seq);
  await api.seen(id, seq).catch(asProblem); // the next message or visit says it again
}

/**
 * A reply was sent and its conversation left: the undo comes along.
 * @param {import("./conversation.js").Opened | null} opened
 */
export function undoElsewhere(opened) {
  const mine = me.peek()?.id;
  const row = opened && peekRow(opened.id);
  const last = opened?.entries.peek().findLast((entry) => entry.type === "message" && entry.message.author.id === mine);
  if (!row || last?.type !== "message" || last.message.delivery !== "queued" || !last.message.next_at) return;
  const { id, conversation, next_at: next } = last.message;
  const left = Date.parse(next) - now();
  if (left < 500) return;
  const back = async () => {
    try {
      await undo(conversation, id);
      go(hereIn(place.peek().params.view ?? "mine", row.number));
    } catch (error) {
      toast(problemWords(asProblem(error)), { tone: "bad" });
    }
  };
  toast(t("undo.elsewhere", { name: row.customer.name || t("customer.nameless") }), {
    ms: left,
    action: { words: t("undo"), run: back },
  });
}
