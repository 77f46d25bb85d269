// The time as the hub has it: a laptop whose clock is wrong must not show a customer waiting for an hour.
import { signal } from "../vendor/signals.js";

const ROUGH_MS = 1500; // the Date header has whole seconds; below this a difference says nothing
const BEAT_MS = 5000;

let ahead = 0;

/** Milliseconds since 1970, by the hub's clock. */
export const now = () => Date.now() + ahead;

/** Beats every few seconds ; read it to be drawn again as time goes by. */
export const beat = signal(Date.now());

/** @param {string | null} date the Date header of an answer */
export function agree(date) {
  const theirs = date ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(theirs)) return;
  const difference = theirs + 500 - Date.now();
  ahead = Math.abs(difference) > ROUGH_MS ? difference : 0;
}

/** Draws again whatever shows a passing time. */
export function strike() {
  beat.value = now();
}

export function startClock() {
  setInterval(strike, BEAT_MS);
  strike();
}
