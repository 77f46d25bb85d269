// What came in and could not be read.
/** @import { Quarantined } from "../types.js" */
import { api, asProblem } from "../api.js";
import { signal } from "../vendor/signals.js";
import { leads } from "./session.js";

/** @type {import("../vendor/signals.js").Signal<Quarantined[] | null>} */
export const quarantine = signal(null);
/** @type {import("../vendor/signals.js").Signal<import("../api.js").Problem | null>} */
export const quarantineProblem = signal(null);

export async function loadQuarantine() {
  if (!leads.peek()) return;
  try {
    quarantine.value = await api.quarantine();
    quarantineProblem.value = null;
  } catch (error) {
    quarantineProblem.value = asProblem(error);
  }
}

/** @param {string} id */
export async function readAgain(id) {
  const found = await api.readAgain(id);
  quarantine.value = (quarantine.peek() ?? []).filter((one) => one.id !== id);
  return found;
}
