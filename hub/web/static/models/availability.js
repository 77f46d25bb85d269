// Whether somebody takes conversations now: said by themselves, by a supervisor, or by the loss of their windows.
/** @import { Agent, Availability } from "../types.js" */
import { api, asProblem } from "../api.js";
import { has, momentOf, problemWords, t } from "../i18n.js";
import { computed } from "../vendor/signals.js";
import { agents, loadAgents, me } from "./session.js";
import { toast } from "./toasts.js";

const SOON_MS = 1000;

/** @type {readonly Availability[]} */
export const STATES = ["available", "busy", "away", "offline"];
/** What one is usually away for; anything else is said in one's own words. */
export const REASONS = ["lunch", "break", "meeting", "training"];

/** What the hub knows of the person who sits here. */
export const myself = computed(() => agents.value.find((one) => one.id === me.value?.id) ?? null);

/** @param {string} id */
export const agentOf = (id) => agents.value.find((one) => one.id === id) ?? null;

/**
 * The state in words: available, full, lunch until 14:00.
 * @param {Pick<Agent, "availability" | "reason" | "until" | "load" | "capacity">} agent
 * @param {number} now
 */
export function stateWords({ availability, reason, until, load, capacity }, now) {
  if (availability === "available" && capacity > 0 && load >= capacity) return t("availability.full");
  if (availability !== "away") return t(`availability.${availability}`);
  const why = reason ? reasonWords(reason) : t("availability.away");
  return until && Date.parse(until) > now ? t("availability.until", { why, time: momentOf(until, now) }) : why;
}

/**
 * The same for those who look on: whoever has no capacity is here, and gets nothing by routing.
 * @param {Pick<Agent, "availability" | "reason" | "until" | "load" | "capacity">} agent
 * @param {number} now
 */
export function deskWords(agent, now) {
  return agent.availability === "available" && agent.capacity === 0 ? t("availability.manual") : stateWords(agent, now);
}

/** @param {string} reason one of ours, or somebody's own words */
export function reasonWords(reason) {
  return has(`away.${reason}`) ? t(`away.${reason}`) : reason;
}

/** The colour that goes with the words. @param {Pick<Agent, "availability" | "load" | "capacity">} agent */
export function stateTone({ availability, load, capacity }) {
  if (availability === "available" && capacity === 0) return "";
  if (availability === "available") return load >= capacity ? "gold" : "green";
  return availability === "busy" ? "gold" : "";
}

/** @param {string} id @param {import("../api.js").Being} being */
export async function beFor(id, being) {
  try {
    const agent = await (id === me.peek()?.id ? api.be(being) : api.beFor(id, being));
    agents.value = agents.peek().map((one) => (one.id === agent.id ? { ...one, ...agent } : one));
    return true;
  } catch (error) {
    toast(problemWords(asProblem(error)), { tone: "bad" });
    return false;
  }
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

/** Somebody's state or load has changed: all are asked for once, a moment later. */
export function agentsChanged() {
  if (soon) return;
  soon = setTimeout(() => {
    soon = undefined;
    loadAgents().catch(asProblem);
  }, SOON_MS);
}

/**
 * What happened to an agent; of oneself, what was not one's own doing is said.
 * @param {{ actor: { kind: string, id: string }, data: Record<string, any> }} event
 */
export function agentChanged({ actor, data }) {
  const mine = me.peek()?.id;
  if (data.agent === mine && actor.id !== mine && (data.fields ?? []).includes("availability")) {
    const key = `availability.told.${actor.kind === "agent" ? "by" : "system"}.${data.availability}`;
    if (has(key)) toast(t(key));
  }
  agentsChanged();
}
