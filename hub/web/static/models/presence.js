// Who is here, who looks at what, who types. All of it may be forgotten at any time.
/** @import { Person } from "../types.js" */
import { signal } from "../vendor/signals.js";

const TYPING_LASTS_MS = 6000;

/** Ids of the agents who are online. @type {import("../vendor/signals.js").Signal<ReadonlySet<string>>} */
export const online = signal(/** @type {ReadonlySet<string>} */ (new Set()));

/** @typedef {{ kind: "customer" | "agent", id: string, name: string }} Who */
/** @type {import("../vendor/signals.js").Signal<Readonly<Record<string, readonly Person[]>>>} */
const looking = signal({});
/** @type {import("../vendor/signals.js").Signal<Readonly<Record<string, readonly Who[]>>>} */
const typing = signal({});
/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const ends = new Map();

/** @param {string} conversation */
export const lookersAt = (conversation) => looking.value[conversation] ?? [];
/** @param {string} conversation */
export const typistsIn = (conversation) => typing.value[conversation] ?? [];

/** @param {string} conversation @param {Person[]} agents */
export function looks(conversation, agents) {
  looking.value = { ...looking.peek(), [conversation]: agents };
}

/** @param {string} conversation @param {Who} who @param {boolean} on */
export function types(conversation, who, on) {
  const key = `${conversation} ${who.kind} ${who.id}`;
  clearTimeout(ends.get(key));
  const others = (typing.peek()[conversation] ?? []).filter((one) => one.kind !== who.kind || one.id !== who.id);
  typing.value = { ...typing.peek(), [conversation]: on ? [...others, who] : others };
  if (on) {
    ends.set(
      key,
      setTimeout(() => types(conversation, who, false), TYPING_LASTS_MS),
    );
  }
}

export function nobodyIsHere() {
  online.value = new Set();
  looking.value = {};
  typing.value = {};
}
