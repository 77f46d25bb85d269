// The names of the teams, for filters: supervisors only.
import { api, asProblem } from "../api.js";
import { signal } from "../vendor/signals.js";
import { leads } from "./session.js";

/** Null until they are known. @type {import("../vendor/signals.js").Signal<{ id: string, name: string }[] | null>} */
export const teamNames = signal(null);

export async function loadNames() {
  if (!leads.peek()) return;
  try {
    teamNames.value = (await api.routing()).teams;
  } catch (error) {
    asProblem(error); // the board goes without its filter
  }
}
