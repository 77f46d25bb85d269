// Who sits here, in which company; set at the start and by signing in and out.
/** @import { Agent, Company, Me, Start } from "../types.js" */
import { api } from "../api.js";
import { speak } from "../i18n.js";
import { go } from "../router.js";
import { batch, computed, signal } from "../vendor/signals.js";
import { wear } from "./theme.js";

/** @type {import("../vendor/signals.js").Signal<Start | null>} */
export const start = signal(null);
export const me = computed(() => start.value?.me ?? null);
export const company = computed(() => start.value?.company ?? null);
export const demo = computed(() => start.value?.demo ?? false);
export const isAdmin = computed(() => me.value?.role === "admin");
export const leads = computed(() => me.value?.role === "admin" || me.value?.role === "supervisor");
export const singleKeys = computed(() => me.value?.single_keys ?? true);

/** Everyone a conversation can be given to. @type {import("../vendor/signals.js").Signal<Agent[]>} */
export const agents = signal([]);

/**
 * @param {Start} answer
 * @param {string} [path] where to go with it
 */
export async function begin(answer, path) {
  if (answer.me?.language) await speak(answer.me.language);
  if (answer.me) wear(answer.me.theme);
  batch(() => {
    start.value = answer;
    if (path) go(path, { replace: true });
  });
}

/** The hub knows us no longer: keep the company, forget the person. */
export function forgetMe() {
  if (start.peek()) start.value = { .../** @type {Start} */ (start.peek()), me: null };
}

/** @param {Partial<Pick<Me, "language" | "theme" | "single_keys">>} change */
export async function changeMe(change) {
  const before = start.peek();
  if (!before?.me) return;
  start.value = { ...before, me: { ...before.me, ...change } };
  if (change.theme) wear(change.theme);
  if (change.language) await speak(change.language);
  try {
    const kept = await api.changeMe(change);
    start.value = { ...before, me: kept };
  } catch (error) {
    start.value = before;
    wear(before.me.theme);
    if (before.me.language) await speak(before.me.language);
    throw error;
  }
}

/** What holds for the whole company, as it is now: another admin may have changed it. */
export async function loadCompany() {
  keepCompany((await api.start()).company);
}

/** @param {Partial<Pick<Company, "agents_see_all">>} change */
export async function changeCompany(change) {
  keepCompany(await api.changeCompany(change));
}

/** @param {Company | null} company */
function keepCompany(company) {
  const known = start.peek();
  if (known) start.value = { ...known, company };
}

export async function loadAgents() {
  agents.value = await api.agents();
}
