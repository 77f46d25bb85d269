// What is going on now: asked for again, at most once a second, whenever something has happened.
/** @import { BoardView } from "../types.js" */
import { api, asProblem } from "../api.js";
import { batch, signal } from "../vendor/signals.js";

const PAUSE_MS = 900;
/** Loads change as time goes by, without anything happening. */
const ANYWAY_MS = 20_000;

/** @type {import("../vendor/signals.js").Signal<BoardView | null>} */
export const board = signal(null);
/** @type {import("../vendor/signals.js").Signal<import("../api.js").Problem | null>} */
export const boardProblem = signal(null);
/** Ids; empty: all. A team "none": what has no team. */
export const filter = signal({ team: "", channel: "" });

let open = false;
let asked = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;
/** @type {ReturnType<typeof setInterval> | undefined} */
let anyway;

/** The board is on the screen. @returns {() => void} it is no longer */
export function openBoard() {
  open = true;
  load();
  anyway = setInterval(boardChanged, ANYWAY_MS);
  return () => {
    open = false;
    clearInterval(anyway);
    clearTimeout(soon);
    soon = undefined;
  };
}

/** Something has happened that may be on it. */
export function boardChanged() {
  if (!open || soon) return;
  soon = setTimeout(() => {
    soon = undefined;
    load();
  }, PAUSE_MS);
}

/** @param {Partial<{ team: string, channel: string }>} change */
export function look(change) {
  filter.value = { ...filter.peek(), ...change };
  return load();
}

export async function load() {
  asked += 1;
  const mine = asked;
  try {
    const found = await api.board(filter.peek());
    if (mine !== asked) return; // a younger answer is under way
    batch(() => {
      board.value = found;
      boardProblem.value = null;
    });
  } catch (error) {
    if (mine === asked) boardProblem.value = asProblem(error);
  }
}

/**
 * Rows keep still under the pointer: those that are shown stay where they are, also when they are no longer there;
 * what is new comes after them.
 * @template {{ id: string }} T
 * @param {readonly T[]} shown
 * @param {readonly T[]} fresh
 * @param {boolean} still
 * @returns {(T & { gone?: boolean })[]}
 */
export function settle(shown, fresh, still) {
  if (!still) return [...fresh];
  const now = new Map(fresh.map((one) => [one.id, one]));
  const known = new Set(shown.map((one) => one.id));
  return [
    ...shown.map((one) => now.get(one.id) ?? { ...one, gone: true }),
    ...fresh.filter((one) => !known.has(one.id)),
  ];
}
