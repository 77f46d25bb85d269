// What one list of rules has that another has not, rule by rule; the order counts too.
/** @import { Rule } from "../types.js" */

/**
 * @typedef {object} Change
 * @property {string} id
 * @property {string} name
 * @property {"added" | "changed" | "removed" | "moved"} what a changed one may stand elsewhere too
 * @property {Rule | null} before
 * @property {Rule | null} after
 * @property {number} from its place before, from 0; -1 for an added one
 * @property {number} to its place now; -1 for a removed one
 */

/**
 * In the order of the list as it is now, what was removed at the end.
 * @param {readonly Rule[]} before
 * @param {readonly Rule[]} after
 * @returns {Change[]}
 */
export function compareRules(before, after) {
  const old = new Map(before.map((rule, place) => [rule.id, { rule, place }]));
  const kept = new Set(after.map((rule) => rule.id));
  const moved = movedIn(after.flatMap((rule) => old.get(rule.id)?.place ?? []));
  /** @type {Change[]} */
  const changes = [];
  after.forEach((rule, to) => {
    const known = old.get(rule.id);
    const same = known ? sameRule(known.rule, rule) : false;
    if (known && same && !moved.has(known.place)) return;
    const what = known ? (same ? "moved" : "changed") : "added";
    changes.push({
      id: rule.id,
      name: rule.name,
      what,
      before: known?.rule ?? null,
      after: rule,
      from: known?.place ?? -1,
      to,
    });
  });
  before.forEach((rule, from) => {
    if (!kept.has(rule.id))
      changes.push({ id: rule.id, name: rule.name, what: "removed", before: rule, after: null, from, to: -1 });
  });
  return changes;
}

/** @param {Rule} a @param {Rule} b */
export function sameRule(a, b) {
  return spelled(a) === spelled(b);
}

/** @param {readonly Rule[]} a @param {readonly Rule[]} b */
export function sameRules(a, b) {
  return a.length === b.length && a.every((rule, i) => sameRule(rule, b[i]));
}

/** The same letters for the same rule: what says nothing is left out, names stand in their order. @param {Rule} rule */
function spelled(rule) {
  const { enabled = true, stop = false, when = {}, then = {}, ...rest } = rule;
  return JSON.stringify(sorted({ ...rest, then, ...(hasItems(when) ? { when } : {}), enabled, stop }));
}

/** @param {Record<string, any>} group */
const hasItems = (group) => Object.values(group).some((items) => !Array.isArray(items) || items.length > 0);

/** @param {any} value @returns {any} */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.keys(value)
      .filter((name) => value[name] !== undefined && !isEmptyList(value[name]))
      .sort()
      .map((name) => [name, sorted(value[name])]),
  );
}

/** @param {any} value */
const isEmptyList = (value) => Array.isArray(value) && value.length === 0;

/**
 * The places that do not lie on the longest rising line: as few as possible are said to have moved.
 * @param {number[]} places
 * @returns {Set<number>}
 */
function movedIn(places) {
  /** @type {number[]} */
  const length = [];
  /** @type {number[]} */
  const last = [];
  places.forEach((place, i) => {
    last[i] = -1;
    length[i] = 1;
    for (let j = 0; j < i; j += 1)
      if (places[j] < place && length[j] >= length[i]) {
        length[i] = length[j] + 1;
        last[i] = j;
      }
  });
  const moved = new Set(places);
  let at = length.indexOf(Math.max(...length));
  while (at >= 0) {
    moved.delete(places[at]);
    at = last[at];
  }
  return moved;
}
