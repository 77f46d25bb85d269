// Short messages that come and go by themselves.
import { signal } from "../vendor/signals.js";

/**
 * @typedef {object} Toast
 * @property {number} id
 * @property {string} text
 * @property {"calm" | "bad"} tone
 * @property {{ words: string, run: () => void } | null} action
 */

const STAYS_MS = 6000;
const BAD_STAYS_MS = 10_000;
const MOST = 3;

/** @type {import("../vendor/signals.js").Signal<Toast[]>} */
export const toasts = signal([]);
let last = 0;

/**
 * @param {string} text
 * @param {{ tone?: Toast["tone"], action?: Toast["action"], ms?: number }} [how]
 */
export function toast(text, { tone = "calm", action = null, ms } = {}) {
  last += 1;
  const id = last;
  const others = toasts.peek().filter((one) => one.text !== text);
  toasts.value = [...others, { id, text, tone, action }].slice(-MOST);
  setTimeout(() => dismiss(id), ms ?? (tone === "bad" ? BAD_STAYS_MS : STAYS_MS));
  return id;
}

/** @param {number} id */
export function dismiss(id) {
  toasts.value = toasts.peek().filter((one) => one.id !== id);
}

/** What a screen reader should say now (polite). */
export const spoken = signal("");

/** @param {string} words */
export function say(words) {
  // The same words twice are said twice only if the text changes.
  spoken.value = spoken.peek() === words ? `${words}\u00a0` : words;
}
