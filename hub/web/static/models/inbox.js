// The queue: every conversation row that this page knows, and the views as sorted lists of them.
/** @import { Counts, Row, ViewName } from "../types.js" */
import { api, asProblem } from "../api.js";
import { inboxPath } from "../router.js";
import { batch, computed, signal } from "../vendor/signals.js";
import { me } from "./session.js";

const PAGE = 50;
const MOST_PAGES_AGAIN = 4;
const ID_MOST = 40; // characters; the hub asks for no more

/** @type {readonly ViewName[]} */
export const VIEWS = ["mine", "waiting", "team", "all", "resolved"];

/** Open conversations of each view; null until known. @type {import("../vendor/signals.js").Signal<Counts | null>} */
export const counts = signal(null);

/** @type {Map<string, import("../vendor/signals.js").Signal<Row>>} */
const rows = new Map();
/** @type {Map<number, string>} */
const ids = new Map();

/**
 * The open conversation keeps its place in the list until one leaves it, whatever becomes of it.
 * @type {string | null}
 */
let pinned = null;

/** @typedef {{ team: string, channel: string, agent: string }} Only */

const ALL = Object.freeze({ team: "", channel: "", agent: "" });

/**
 * What the list that is shown is narrowed to, as its address says: of one team ("none": of no team), one channel, with
 * one agent ("any": with somebody). Ids; empty: all.
 * @type {import("../vendor/signals.js").Signal<Only>}
 */
export const only = signal(ALL);

export const narrowed = computed(() => Object.values(only.value).some(Boolean));

/** What an address narrows its list to. @param {string} search its query @returns {Only} */
export function onlyOf(search) {
  const asked = new URLSearchParams(search);
  const id = (/** @type {string} */ name) => (asked.get(name) ?? "").slice(0, ID_MOST);
  return { team: id("team"), channel: id("channel"), agent: id("agent") };
}

/** @param {Only} wish */
export function narrow(wish) {
  if (JSON.stringify(wish) === JSON.stringify(only.peek())) return;
  batch(() => {
    only.value = wish;
    for (const view of VIEWS) lists[view].empty();
  });
}

/** In the list that is shown, as narrow as it is. @param {string} view @param {number | null} [number] */
export const hereIn = (view, number) => inboxPath(view, number, only.value);

/** @param {Row} row */
function asked(row) {
  const { team, channel, agent } = only.peek();
  return (
    (!team || (row.team?.id ?? "none") === team) &&
    (!channel || row.channel.id === channel) &&
    (!agent || (agent === "any" ? row.assignee !== null : row.assignee?.id === agent))
  );
}

/** @typedef {{ id: string, rank: number }} Place */

/** One view, ascending by rank and then id, as far as it is loaded. */
class List {
  /** @param {ViewName} view */
  constructor(view) {
    this.view = view;
    /** @type {Place[]} */
    this.places = [];
    /** @type {Map<string, number>} */
    this.ranks = new Map();
    /** Rises with every change of `places`. */
    this.changed = signal(0);
    /** @type {import("../vendor/signals.js").Signal<"new" | "loading" | "ready" | "failed">} */
    this.state = signal(/** @type {"new" | "loading" | "ready" | "failed"} */ ("new"));
    /** @type {import("../vendor/signals.js").Signal<import("../api.js").Problem | null>} */
    this.problem = signal(null);
    /** @type {string | null} */
    this.next = null;
    this.paging = false;
    /** Rises when it is emptied: what was asked for before is not for it any more. */
    this.age = 0;
  }

  /** @param {string} id */
  indexOf(id) {
    const rank = this.ranks.get(id);
    return rank === undefined ? -1 : this.search({ id, rank });
  }

  /** Puts the row where it belongs, or takes it out. @param {Row} row */
  settle(row) {
    const had = this.ranks.get(row.id);
    const stays = row.id === pinned && had !== undefined;
    const rank = stays ? had : row.rank;
    const belongs = stays || fits(this.view, row);
    if (belongs && had === rank) return;
    if (had !== undefined) this.remove(row.id);
    if (belongs) this.insert({ id: row.id, rank });
  }

  /** @param {string} id */
  remove(id) {
    const at = this.indexOf(id);
    if (at < 0) return;
    this.places.splice(at, 1);
    this.ranks.delete(id);
    this.changed.value++;
  }

  /** @param {Place} place */
  insert(place) {
    const at = this.search(place);
    if (at === this.places.length && this.next !== null) return; // it comes with its page
    this.places.splice(at, 0, place);
    this.ranks.set(place.id, place.rank);
    this.changed.value++;
  }

  /** Where the place is, or would go. @param {Place} place */
  search(place) {
    let low = 0;
    let high = this.places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.places[middle];
      if (other.rank < place.rank || (other.rank === place.rank && other.id < place.id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {Row[]} items @param {string | null} next */
  replace(items, next) {
    const kept = pinned === null ? undefined : this.ranks.get(pinned);
    this.places = [];
    this.ranks.clear();
    this.next = next;
    for (const row of items) this.append(row);
    if (pinned !== null && kept !== undefined) {
      this.remove(pinned);
      const all = this.next;
      this.next = null;
      this.insert({ id: pinned, rank: kept });
      this.next = all;
    }
    this.changed.value++;
  }

  /** It is loaded anew when it is shown. */
  empty() {
    this.places = [];
    this.ranks.clear();
    this.next = null;
    this.age += 1;
    this.state.value = "new";
    this.changed.value++;
  }

  /** @param {Row} row */
  append(row) {
    if (this.ranks.has(row.id)) return;
    const at = this.search(row);
    this.places.splice(at, 0, { id: row.id, rank: row.rank });
    this.ranks.set(row.id, row.rank);
  }
}

/** @type {Record<ViewName, List>} */
const lists = {
  mine: new List("mine"),
  waiting: new List("waiting"),
  team: new List("team"),
  all: new List("all"),
  resolved: new List("resolved"),
};

/** @param {ViewName} view */
export const list = (view) => lists[view];

/** The teams whose conversations the hub has listed as ours. @type {Set<string | null>} */
const teams = new Set();

/**
 * Whether a row is in a view, as the hub would say.
 * @param {ViewName} view
 * @param {Row} row
 */
function fits(view, row) {
  if (!asked(row)) return false;
  const open = row.status === "open";
  if (view === "resolved") return row.status === "resolved";
  if (view === "mine") return open && row.assignee?.id === me.peek()?.id;
  if (view === "waiting") return open && !row.assignee && row.turn === "us";
  if (view === "team") return open && row.team !== null && teams.has(row.team.id);
  return open;
}

/** @param {string} id */
export const rowOf = (id) => rows.get(id)?.value ?? null;
/** @param {string} id */
export const peekRow = (id) => rows.get(id)?.peek() ?? null;
/** @param {number} number */
export const idOf = (number) => ids.get(number) ?? null;

/** Takes what the hub says of a conversation, unless we know newer. @param {Row} row */
export function upsert(row) {
  const kept = rows.get(row.id);
  if (kept && !newer(row, kept.peek())) return;
  const fresh = kept ? { ...row, seen: latest(kept.peek().seen, row.seen) } : row;
  batch(() => {
    if (kept) kept.value = fresh;
    else rows.set(row.id, signal(fresh));
    ids.set(row.number, row.id);
    for (const view of VIEWS) if (lists[view].state.peek() === "ready") lists[view].settle(fresh);
  });
}

/** @param {Row} row @param {Row} than */
function newer(row, than) {
  return row.version > than.version || (row.version === than.version && row.seq >= than.seq);
}

/** @param {Record<string, number>} a @param {Record<string, number>} b */
function latest(a, b) {
  const seen = { ...a };
  for (const [user, seq] of Object.entries(b ?? {})) seen[user] = Math.max(seen[user] ?? 0, seq);
  return seen;
}

/** @param {string} id @param {number} seq */
export function markSeen(id, seq) {
  const row = rows.get(id);
  const user = me.peek()?.id;
  if (row && user) row.value = { ...row.peek(), seen: latest(row.peek().seen, { [user]: seq }) };
}

/** @param {Row} row */
export function unread(row) {
  const user = me.value?.id ?? "";
  return row.status !== "resolved" && row.last?.direction === "in" && row.seq > (row.seen?.[user] ?? 0);
}

/** We may no longer see it. @param {string} id */
export function drop(id) {
  const row = rows.get(id);
  if (!row) return;
  rows.delete(id);
  ids.delete(row.peek().number);
  for (const view of VIEWS) lists[view].remove(id);
}

/** @param {string | null} id the open conversation */
export function pin(id) {
  if (id === pinned) return;
  const before = pinned && peekRow(pinned);
  pinned = id;
  if (before) for (const view of VIEWS) if (lists[view].state.peek() === "ready") lists[view].settle(before);
}

/** Loads the view's first page, if it is not here. @param {ViewName} view */
export async function show(view) {
  const one = lists[view];
  if (one.state.peek() === "new" || one.state.peek() === "failed") await load(one, 1);
}

/** The next page. @param {ViewName} view */
export async function more(view) {
  const one = lists[view];
  if (one.paging || one.next === null || one.state.peek() !== "ready") return;
  one.paging = true;
  const { age } = one;
  try {
    const page = await api.conversations(view, one.next, PAGE, only.peek());
    if (age !== one.age) return;
    batch(() => {
      one.next = page.next;
      for (const row of page.items) upsert(row);
      learnTeams(one, page.items);
      for (const row of page.items) {
        const known = peekRow(row.id) ?? row;
        if (fits(view, known)) one.append(known);
      }
      one.changed.value++;
    });
  } catch (error) {
    asProblem(error); // scrolling on asks again
  } finally {
    one.paging = false;
  }
}

/** Loads anew what had been loaded, without emptying the screen. */
export async function reloadLists() {
  const loaded = VIEWS.filter((view) => lists[view].state.peek() !== "new").map((view) => lists[view]);
  await Promise.all(loaded.map((one) => load(one, Math.ceil(one.places.length / PAGE) || 1)));
}

/** The connection is back: what could not be loaded is asked for again. */
export function loadFailed() {
  return Promise.all(VIEWS.filter((view) => lists[view].state.peek() === "failed").map(show));
}

/** @param {List} one @param {number} pages */
async function load(one, pages) {
  if (one.state.peek() !== "ready") one.state.value = "loading";
  const { age } = one;
  try {
    /** @type {Row[]} */
    const items = [];
    /** @type {string | null} */
    let next = null;
    for (let page = 0; page < Math.min(pages, MOST_PAGES_AGAIN) && (page === 0 || next !== null); page++) {
      const answer = await api.conversations(one.view, next, PAGE, only.peek());
      if (age !== one.age) return;
      items.push(...answer.items);
      next = answer.next;
    }
    batch(() => {
      for (const row of items) upsert(row);
      const known = items.map((row) => peekRow(row.id) ?? row);
      learnTeams(one, items);
      one.replace(
        known.filter((row) => fits(one.view, row)),
        next,
      );
      one.state.value = "ready";
      one.problem.value = null;
    });
  } catch (error) {
    if (age !== one.age) return;
    one.problem.value = asProblem(error);
    if (one.state.peek() !== "ready") one.state.value = "failed";
  }
}

export async function loadCounts() {
  count(await api.counts());
}

/** @param {Counts} fresh */
export function count(fresh) {
  counts.value = fresh;
  const team = lists.team;
  const whole = team.state.peek() === "ready" && team.next === null && pinned === null && !narrowed.peek();
  // A team that we did not know to be ours has got its first conversation.
  if (whole && team.places.length < fresh.team) load(team, 1);
}

/** @param {List} one @param {Row[]} items */
function learnTeams(one, items) {
  if (one.view === "team") for (const row of items) teams.add(row.team?.id ?? null);
}

/** Forgets everything, when another person signs in. */
export function emptyInbox() {
  batch(() => {
    rows.clear();
    ids.clear();
    teams.clear();
    pinned = null;
    only.value = ALL;
    counts.value = null;
    for (const view of VIEWS) {
      lists[view].replace([], null);
      lists[view].state.value = "new";
    }
  });
}
