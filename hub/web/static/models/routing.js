// All that routing works with (live rules, draft, teams, skills, hours, agents), loaded once for every tab of its page.
/** @import { RoutingView } from "../types.js" */
import { api, asProblem } from "../api.js";
import { computed, signal } from "../vendor/signals.js";
import { leads } from "./session.js";

const SOON_MS = 300;

/** @type {import("../vendor/signals.js").Signal<RoutingView | null>} */
export const routing = signal(null);
/** @type {import("../vendor/signals.js").Signal<import("../api.js").Problem | null>} */
export const routingProblem = signal(null);

/** Names by id, for sentences: what has no name is called by its id. */
export const names = computed(() => namesIn(routing.value));

let written = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

export async function loadRouting() {
  if (!leads.peek()) return;
  const before = written;
  try {
    const found = await api.routing();
    if (before !== written) return await loadRouting(); // it may be older than what was written meanwhile
    routing.value = found;
    routingProblem.value = null;
  } catch (error) {
    routingProblem.value = asProblem(error);
  }
}

/** What was written is newer than anything that is still on its way. @param {Partial<RoutingView>} change */
export function keepRouting(change) {
  written += 1;
  const now = routing.peek();
  if (now) routing.value = { ...now, ...change };
}

/** Somebody changed something: the page follows, where it has been opened. */
export function routingChanged() {
  if (!routing.peek()) return;
  clearTimeout(soon);
  soon = setTimeout(loadRouting, SOON_MS);
}

export function forgetRouting() {
  clearTimeout(soon);
  written += 1;
  routing.value = null;
}

/**
 * @param {Pick<RoutingView, "skills" | "teams" | "hours" | "agents" | "channels"> | null} view
 * @returns {import("./sentence.js").Names}
 */
export function namesIn(view) {
  /** @param {{ id: string, name: string }[] | undefined} list */
  const of = (list) => Object.fromEntries((list ?? []).map((one) => [one.id, one.name]));
  return { skills: of(view?.skills), teams: of(view?.teams), hours: of(view?.hours), agents: of(view?.agents) };
}
