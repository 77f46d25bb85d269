// The names of the teams, for filters: supervisors only.
import { api, asProblem } from "../api.js";
import { signal } from "../vendor/signals.js";

/** @type {import("../vendor/signals.js").Signal<{ id: string, name: string }[]>} */
export const teamNames = signal(/** @type {{ id: string, name: string }[]} */ ([]));

export async function loadNames() {
  try {
    teamNames.value = (await api.routing()).teams;
  } catch (error) {
    asProblem(error); // the board goes without its filter
  }
}
