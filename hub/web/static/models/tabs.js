// The tabs of one browser: one of them speaks for all, and each says whether it is looked at. Locks end with their tab,
// however it ends.
import { effect } from "../vendor/signals.js";
import { visible } from "./reading.js";

const SPEAKS = "hub.speaks";
const LOOKED_AT = "hub.looked-at";

/** Browsers tell their tabs apart only at an https:// address or on this machine. */
export const canTell = "locks" in navigator;

let speaking = false;

/** Whether it is this tab that speaks for all. */
export const speaks = () => speaking;

/** Whether one of the tabs is in front. */
export async function lookedAt() {
  const { held = [] } = await navigator.locks.query();
  return held.some((one) => one.name === LOOKED_AT);
}

/** @returns {() => void} ends it */
export function startTabs() {
  if (!canTell) return () => {};
  const quiet = hold(SPEAKS, "exclusive", () => {
    speaking = true;
  });
  const blind = effect(() => (visible.value ? hold(LOOKED_AT, "shared") : undefined));
  return () => {
    speaking = false;
    quiet();
    blind();
  };
}

/**
 * Takes the lock as soon as it is free.
 * @param {string} name
 * @param {LockMode} mode
 * @param {() => void} [taken]
 * @returns {() => void} gives it back
 */
function hold(name, mode, taken) {
  const wanted = new AbortController();
  let giveBack = () => {};
  const kept = new Promise((resolve) => {
    giveBack = () => resolve(undefined);
  });
  const take = () => {
    if (wanted.signal.aborted) return undefined;
    taken?.();
    return kept;
  };
  navigator.locks.request(name, { mode, signal: wanted.signal }, take).catch(() => {}); // given up before it came
  return () => {
    wanted.abort();
    giveBack();
  };
}
