// Who works here, for the settings.
/** @import { User } from "../types.js" */
import { api, asProblem } from "../api.js";
import { signal } from "../vendor/signals.js";
import { isAdmin } from "./session.js";

/** @type {import("../vendor/signals.js").Signal<User[] | null>} */
export const people = signal(null);
/** @type {import("../vendor/signals.js").Signal<import("../api.js").Problem | null>} */
export const peopleProblem = signal(null);

export async function loadPeople() {
  if (!isAdmin.peek()) return;
  try {
    people.value = await api.users();
    peopleProblem.value = null;
  } catch (error) {
    peopleProblem.value = asProblem(error);
  }
}

/** @param {{ name: string, email: string, role: string, password: string }} wish */
export async function addPerson(wish) {
  const made = await api.addUser(wish);
  people.value = [...(people.peek() ?? []).filter((one) => one.id !== made.id), made];
}

/** @param {string} id @param {{ name?: string, role?: string, disabled?: boolean, password?: string }} change */
export async function changePerson(id, change) {
  const kept = await api.changeUser(id, change);
  people.value = (people.peek() ?? []).map((one) => (one.id === id ? kept : one));
}
