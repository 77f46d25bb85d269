// What is told beside the page while nobody looks at it: offers, and conversations that are given to us.
/** @import { Row } from "../types.js" */
import { t } from "../i18n.js";
import { go, inboxPath } from "../router.js";
import { batch, computed, effect, signal } from "../vendor/signals.js";
import { current } from "./conversation.js";
import { rowOf } from "./inbox.js";
import { keep, recall } from "./memory.js";
import { offers } from "./offers.js";
import { visible } from "./reading.js";
import { me } from "./session.js";
import { canTell, lookedAt, speaks, startTabs } from "./tabs.js";

const WISH = "notices";

/** Phones have it and refuse to use it: known when it is tried. */
const works = signal("Notification" in globalThis);
const permission = signal(works.peek() ? Notification.permission : "denied");
const wished = signal(recall(WISH, false));

/** @typedef {"none" | "insecure" | "denied" | "on" | "off"} Standing */

export const standing = computed(() => {
  if (!works.value) return "none";
  if (!canTell) return "insecure";
  if (permission.value === "denied") return "denied";
  return wished.value && permission.value === "granted" ? "on" : "off";
});

/** On or off in this browser, by the click of whoever sits here: only then the browser may ask. */
export async function switchNotices() {
  const on = standing.peek() !== "on";
  const answer = on ? await Notification.requestPermission() : permission.peek();
  batch(() => {
    permission.value = answer;
    wished.value = on && answer === "granted";
  });
  keep(WISH, wished.peek() || undefined);
}

/** Another tab or the browser's settings may have changed it. */
export function lookAgain() {
  if (!works.peek()) return;
  permission.value = Notification.permission;
  wished.value = recall(WISH, false);
}

/** @typedef {{ notice: Notification, offered: boolean, seen: number }} Told `seen`: up to where we had read by then */

/** By conversation. @type {import("../vendor/signals.js").Signal<ReadonlyMap<string, Told>>} */
const told = signal(/** @type {ReadonlyMap<string, Told>} */ (new Map()));
/** Offers that this tab knows, told or not. @type {Set<string>} */
const known = new Set();

/** @returns {() => void} ends it */
export function startNotices() {
  const ends = [startTabs(), effect(tellOffers), effect(takeBack)];
  return () => {
    for (const end of ends) end();
    for (const id of told.peek().keys()) close(id);
    known.clear();
  };
}

function tellOffers() {
  for (const { row, until } of offers.value) {
    const key = `${row.id} ${until}`;
    if (!known.has(key)) tell(row, "offer.title", inboxPath("waiting", row.number));
    known.add(key);
  }
}

/**
 * Given by routing or by a colleague.
 * @param {{ kind: string, actor: { id: string }, conversation: Row | null }} event
 */
export function tellGiven({ kind, actor, conversation: row }) {
  const mine = me.peek()?.id;
  if (kind !== "conversation.assigned" || row?.assignee?.id !== mine || actor.id === mine) return;
  if (row) tell(row, "notices.given", inboxPath("mine", row.number));
}

/**
 * Screens are shared, and what is shown outlives a glance: it says who it is and by which channel, never what they wrote.
 * @param {Row} row
 * @param {"offer.title" | "notices.given"} key
 * @param {string} path
 */
async function tell(row, key, path) {
  lookAgain();
  if (standing.peek() !== "on" || !speaks() || (await lookedAt())) return;
  const title = t(key, { name: row.customer.name || t("customer.nameless") });
  const notice = notify(title, { body: row.channel.name, tag: row.id });
  if (!notice) return;
  notice.onclick = () => {
    window.focus();
    go(path);
    close(row.id);
  };
  notice.onclose = () => forget(row.id, notice);
  const seen = row.seen[me.peek()?.id ?? ""] ?? 0;
  told.value = new Map(told.peek()).set(row.id, { notice, offered: key === "offer.title", seen });
}

/** @param {string} title @param {NotificationOptions} options */
function notify(title, options) {
  try {
    return new Notification(title, options);
  } catch {
    works.value = false; // only a service worker may, says this browser
    return null;
  }
}

/** What has been answered, read or taken away says nothing any more. */
function takeBack() {
  for (const [id, one] of told.value) if (one.offered ? !isOffered(id) : !isNews(id, one.seen)) close(id);
}

/** @param {string} id */
const isOffered = (id) => offers.value.some((one) => one.row.id === id);

/** @param {string} id @param {number} seen */
function isNews(id, seen) {
  const row = rowOf(id);
  const mine = me.value?.id ?? "";
  const read = (row?.seen[mine] ?? 0) > seen || (visible.value && current.value?.id === id);
  return row?.status === "open" && row.assignee?.id === mine && !read;
}

/** @param {string} id */
function close(id) {
  const one = told.peek().get(id);
  if (!one) return;
  forget(id, one.notice);
  one.notice.close();
}

/** @param {string} id @param {Notification} notice a newer one has taken its place, it may be */
function forget(id, notice) {
  if (told.peek().get(id)?.notice !== notice) return;
  const others = new Map(told.peek());
  others.delete(id);
  told.value = others;
}
