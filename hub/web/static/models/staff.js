// What supervisors say of agents on the routing page: kept on the screen at once, told to the hub one after another.
/** @import { RoutingAgent } from "../types.js" */
import { api, asProblem } from "../api.js";
import { problemWords } from "../i18n.js";
import { signal } from "../vendor/signals.js";
import { toast } from "./toasts.js";

/** @typedef {Partial<Pick<RoutingAgent, "teams" | "skills" | "capacity" | "caps">>} Change */

/** What is on its way, by agent. @type {import("../vendor/signals.js").Signal<Readonly<Record<string, Change>>>} */
const pending = signal({});
/** @type {Map<string, Promise<unknown>>} */
const lines = new Map();

/** The agent as the screen has them now. @param {RoutingAgent} agent @returns {RoutingAgent} */
export function asChanged(agent) {
  return { ...agent, ...pending.value[agent.id] };
}

/**
 * One change after another for each agent, so that the last one stays.
 * @param {string} id
 * @param {Change} change
 * @param {() => Promise<void>} reload
 */
export function changeStaff(id, change, reload) {
  pending.value = { ...pending.peek(), [id]: { ...pending.peek()[id], ...change } };
  /** @type {Promise<void>} */
  const next = (lines.get(id) ?? Promise.resolve()).then(() => send(id, change, reload, next));
  lines.set(id, next);
  return next;
}

/** @param {string} id @param {Change} change @param {() => Promise<void>} reload @param {Promise<unknown>} self */
async function send(id, change, reload, self) {
  let failed = false;
  try {
    await api.changeAgent(id, change);
  } catch (error) {
    failed = true;
    toast(problemWords(asProblem(error)), { tone: "bad" });
  }
  if (lines.get(id) !== self && !failed) return; // a younger one is on its way
  await reload();
  if (lines.get(id) !== self) return;
  const { [id]: _done, ...others } = pending.peek();
  pending.value = others;
}
