// Keys without a modifier, from anywhere but a field. They can be switched off in the profile (WCAG 2.1.4).
import { singleKeys } from "./models/session.js";

const SEQUENCE_MS = 1200;

/** Bound to it, a function hears every key first, and says whether it takes it. */
export const EVERY = Symbol("every key");

/**
 * Key or keys ("g m") to what they do.
 * @typedef {Record<string, (event: KeyboardEvent) => void> & { [EVERY]?: (event: KeyboardEvent) => boolean }} Bindings
 */

/** The newest first: a screen's keys before the page's. @type {Bindings[]} */
const layers = [];
let first = "";
let firstAt = 0;

/**
 * @param {Bindings} bindings
 * @returns {() => void} takes them away again
 */
export function bind(bindings) {
  layers.unshift(bindings);
  return () => {
    layers.splice(layers.indexOf(bindings), 1);
  };
}

export const onMac = /Mac|iPhone|iPad/.test(navigator.platform);
/** How the key for sending is called on this machine. */
export const sendKey = onMac ? "⌘ ↵" : "Ctrl ↵";

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isField(event.target) || floating()) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key.length === 1 && !singleKeys.peek()) return;
    if (layers.some((layer) => layer[EVERY]?.(event))) return event.preventDefault();
    const run = find(key, event.timeStamp);
    if (!run) return;
    event.preventDefault();
    run(event);
  });
}

/** @param {string} key @param {number} at */
function find(key, at) {
  const sequence = first && at - firstAt < SEQUENCE_MS ? `${first} ${key}` : "";
  first = "";
  const bound = layers.find((layer) => sequence in layer) ?? null;
  if (bound) return bound[sequence];
  if (layers.some((layer) => Object.keys(layer).some((name) => name.startsWith(`${key} `)))) {
    first = key;
    firstAt = at;
  }
  return layers.find((layer) => key in layer)?.[key] ?? null;
}

/** @param {EventTarget | null} target */
function isField(target) {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Whether a dialog or a menu has the keys to itself. */
function floating() {
  return document.querySelector("dialog[open], [popover].menu") !== null;
}
