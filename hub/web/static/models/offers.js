// What is offered to the person who sits here: theirs to accept or decline until it runs out.
/** @import { Row } from "../types.js" */
import { api, asProblem } from "../api.js";
import { problemWords, t } from "../i18n.js";
import { go, inboxPath } from "../router.js";
import { computed, signal } from "../vendor/signals.js";
import { beat, now } from "./clock.js";
import { loadCounts, upsert } from "./inbox.js";
import { me } from "./session.js";
import { say, toast } from "./toasts.js";

/** @typedef {{ row: Row, from: number, until: number }} Offer `from`: when this page heard of it, for the ring */

/** What runs out first comes first. @type {import("../vendor/signals.js").Signal<Offer[]>} */
const all = signal(/** @type {Offer[]} */ ([]));
export const offers = computed(() => all.value.filter((one) => one.until > Math.max(beat.value, now())));

/** Every row that comes by tells whether it is offered to us still. @param {Row} row @param {boolean} [news] */
export function noteOffer(row, news = true) {
  const known = all.peek().find((one) => one.row.id === row.id);
  const mine = row.offer && row.status === "open" && !row.assignee && row.offer.agent.id === me.peek()?.id;
  const until = mine && row.offer ? Date.parse(row.offer.until) : 0;
  if (until <= now()) {
    if (known) drop(row.id);
    return;
  }
  const again = known?.until === until;
  const one = { row, from: again ? known.from : now(), until };
  all.value = [...all.peek().filter((other) => other.row.id !== row.id), one].sort((a, b) => a.until - b.until);
  if (!again && news) say(t("offer.said", { name: row.customer.name || t("customer.nameless") }));
}

export async function loadOffers() {
  const rows = await api.offers();
  all.value = all.peek().filter((one) => rows.some((row) => row.id === one.row.id));
  for (const row of rows) noteOffer(row);
}

export function emptyOffers() {
  all.value = [];
}

/** It is theirs now, and opened. @param {Row} row */
export async function accept(row) {
  const done = await answer(row, () => api.accept(row.id));
  if (done) go(inboxPath("mine", row.number));
}

/** @param {Row} row */
export async function decline(row) {
  const done = await answer(row, () => api.decline(row.id));
  if (done) toast(t("offer.declined", { name: row.customer.name || t("customer.nameless") }));
}

/** @param {Row} row @param {() => Promise<Row>} run */
async function answer(row, run) {
  try {
    upsert(await run());
    drop(row.id);
    loadCounts().catch(() => {}); // the socket brings them too
    return true;
  } catch (error) {
    const problem = asProblem(error);
    toast(problemWords(problem), { tone: "bad" });
    if (problem.status === 409 || problem.status === 404) drop(row.id);
    return false;
  }
}

/** @param {string} id */
function drop(id) {
  all.value = all.peek().filter((one) => one.row.id !== id);
}
