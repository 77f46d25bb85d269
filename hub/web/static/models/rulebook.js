// The rules as they are being written: shown at once, kept on the hub a moment later, and never over somebody else's.
/** @import { Fault, Rule, RuleDraft } from "../types.js" */
import { api, asProblem, Problem } from "../api.js";
import { batch, computed, effect, signal } from "../vendor/signals.js";
import { keepRouting, loadRouting, routing } from "./routing.js";
import { compareRules, sameRules } from "./rule-diff.js";

const SAVE_AFTER_MS = 700;
const CHECK_AFTER_MS = 250;

/** As shown: the draft with what was changed since it was last kept. @type {import("../vendor/signals.js").Signal<Rule[]>} */
export const rules = signal([]);
/** @type {import("../vendor/signals.js").Signal<"kept" | "waits" | "saving" | "failed" | "conflict">} */
export const keeping = signal(/** @type {"kept" | "waits" | "saving" | "failed" | "conflict"} */ ("kept"));
/** Why it could not be kept. @type {import("../vendor/signals.js").Signal<import("../api.js").Problem | null>} */
export const keepingProblem = signal(null);
/** @type {import("../vendor/signals.js").Signal<{ faults: Fault[], warnings: Fault[] }>} */
export const checked = signal({ faults: [], warnings: [] });
/** Rises with whatever the hub has kept: what was tried with the old rules is to be tried again. */
export const kept = signal(0);

export const changes = computed(() => compareRules(routing.value?.live.rules ?? [], rules.value));

/** The draft that ours was made from. @type {number | null} */
let revision = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let saveTimer;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let checkTimer;
/** @type {Promise<void> | null} */
let under = null;
let asked = 0;

/** Follows what the hub has, as long as nothing of ours waits to be kept. @returns {() => void} stops it */
export function openRulebook() {
  const stop = effect(() => {
    const all = routing.value;
    if (all && keeping.peek() === "kept") adopt(all.draft, all.live.rules);
  });
  document.addEventListener("visibilitychange", hurry);
  addEventListener("pagehide", hurry);
  return () => {
    document.removeEventListener("visibilitychange", hurry);
    removeEventListener("pagehide", hurry);
    flush();
    stop();
  };
}

function hurry() {
  if (document.visibilityState === "hidden") flush();
}

/** @param {RuleDraft | null} draft @param {Rule[]} live */
function adopt(draft, live) {
  const next = draft?.rules ?? live;
  revision = draft?.revision ?? null;
  if (sameRules(next, rules.peek())) return;
  batch(() => {
    rules.value = next;
    kept.value += 1;
  });
  checkSoon();
}

/** @param {Rule[]} next */
export function edit(next) {
  rules.value = next;
  checkSoon();
  if (keeping.peek() === "conflict") return; // first it must be said whose rules hold
  keeping.value = "waits";
  clearTimeout(saveTimer);
  saveTimer = setTimeout(flush, SAVE_AFTER_MS);
}

/** @param {Rule} rule */
export function editRule(rule) {
  edit(rules.peek().map((one) => (one.id === rule.id ? rule : one)));
}

/** Keeps what is not yet kept. One save after the other, the last one last. @returns {Promise<void>} */
export async function flush() {
  clearTimeout(saveTimer);
  if (under) {
    await under;
    return flush();
  }
  if (keeping.peek() !== "waits" && keeping.peek() !== "failed") return;
  under = save().finally(() => {
    under = null;
  });
  await under;
}

async function save() {
  const sent = rules.peek();
  keeping.value = "saving";
  try {
    const { draft, faults, warnings } = await api.saveRules({ rules: sent, revision });
    revision = draft?.revision ?? null;
    batch(() => {
      if (rules.peek() === sent) {
        keeping.value = "kept";
        checked.value = { faults, warnings };
      }
      keepingProblem.value = null;
      keepRouting({ draft });
      kept.value += 1;
    });
  } catch (error) {
    await notKept(asProblem(error));
  }
  if (rules.peek() !== sent && keeping.peek() === "saving") keeping.value = "waits";
  if (keeping.peek() === "waits") saveTimer = setTimeout(flush, SAVE_AFTER_MS);
}

/** @param {import("../api.js").Problem} problem */
async function notKept(problem) {
  keepingProblem.value = problem;
  if (problem.code !== "draft_changed" && problem.code !== "draft_gone") {
    keeping.value = "failed";
    return;
  }
  keeping.value = "conflict";
  await loadRouting();
}

/** Ours are let go: what somebody else has kept is shown. */
export async function takeTheirs() {
  await loadRouting();
  const all = routing.peek();
  settle();
  if (all) adopt(all.draft, all.live.rules);
}

/** Ours are kept over what somebody else has kept. */
export async function keepOurs() {
  await loadRouting();
  revision = routing.peek()?.draft?.revision ?? null;
  settle();
  edit(rules.peek());
  await flush();
}

function settle() {
  batch(() => {
    keeping.value = "kept";
    keepingProblem.value = null;
  });
}

/** Back to what is live. */
export async function discard() {
  await flush();
  if (revision !== null) await api.discardRules(revision);
  followAgain();
  await loadRouting();
}

/** @param {string} note */
export async function publish(note) {
  await flush();
  if (keeping.peek() !== "kept" || revision === null) throw keepingProblem.peek() ?? new Problem("draft_gone");
  const over = routing.peek()?.live.version || undefined; // what was looked at: nothing newer is undone unseen
  const live = await api.publishRules({ revision, over, ...(note ? { note } : {}) });
  followAgain();
  keepRouting({ live, draft: null });
  await loadRouting();
  return live.version;
}

/** @param {number} number of an older version */
export async function restore(number) {
  await flush();
  const live = await api.restoreRules(number);
  followAgain();
  keepRouting({ live });
  await loadRouting();
  return live;
}

/** @param {string} toml */
export async function importFile(toml) {
  await flush();
  const found = await api.importRules({ toml, revision });
  followAgain();
  checked.value = { faults: found.faults, warnings: found.warnings };
  if (found.draft) keepRouting({ draft: found.draft });
  return found;
}

function followAgain() {
  clearTimeout(saveTimer);
  settle();
}

function checkSoon() {
  clearTimeout(checkTimer);
  checkTimer = setTimeout(check, CHECK_AFTER_MS);
}

/** What is wrong with the rules as they are shown; an answer about older ones is no answer. */
async function check() {
  asked += 1;
  const mine = asked;
  const found = await api.checkRules(rules.peek()).catch(asProblem);
  if (mine === asked && "faults" in found) checked.value = found;
}

/**
 * Faults and warnings of a rule, or of a place within it; "" is the rule as a whole.
 * @param {number} place
 * @param {string} [path]
 */
export function saidOf(place, path) {
  /** @param {Fault} one */
  const here = (one) =>
    one.rule === place && (path === undefined || one.path === path || (path !== "" && one.path.startsWith(`${path}.`)));
  return { faults: checked.value.faults.filter(here), warnings: checked.value.warnings.filter(here) };
}
