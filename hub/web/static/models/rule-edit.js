// Changing a rule without touching the old one: what is shown, saved and compared are always whole rules.
/** @import { Group, RelaxStep, Rule, Then, When } from "../types.js" */
import { newId } from "./ids.js";

export const DEEPEST = 3; // groups within groups

/** @typedef {"all" | "any" | "none"} Join */
/** @type {readonly Join[]} */
export const JOINS = ["all", "any", "none"];

/** @param {string} name @returns {Rule} */
export function newRule(name) {
  return {
    id: newId().slice(0, 8),
    name,
    enabled: true,
    when: { all: [{ field: "text", op: "mentions", value: [] }] },
    // biome-ignore lint/suspicious/noThenProperty: rules are written so
    then: {},
    stop: false,
  };
}

/** @param {Rule} rule @param {string} name @returns {Rule} */
export function copyOf(rule, name) {
  return { ...structuredClone(rule), id: newId().slice(0, 8), name };
}

/** @param {When} when @returns {when is Group} */
export function isGroup(when) {
  return JOINS.some((join) => join in when);
}

/** How a group joins what stands in it. @param {Group | undefined} group @returns {Join} */
export function joinOf(group) {
  return JOINS.find((join) => group && join in group) ?? "all";
}

/** @param {Group | undefined} group @returns {When[]} */
export function itemsOf(group) {
  return group?.[joinOf(group)] ?? [];
}

/** @param {Group | undefined} group @param {Join} join @returns {Group} */
export function joined(group, join) {
  return { [join]: itemsOf(group) };
}

/** @param {Group | undefined} group @param {number} place @param {When} item @returns {Group} */
export function withItem(group, place, item) {
  return { [joinOf(group)]: itemsOf(group).with(place, item) };
}

/** Nothing at all when it was the last: no conditions means always. @param {Group | undefined} group @param {number} place @returns {Group} */
export function withoutItem(group, place) {
  const items = itemsOf(group).filter((_, i) => i !== place);
  return items.length ? { [joinOf(group)]: items } : {};
}

/** @param {Group | undefined} group @param {When} item @returns {Group} */
export function withMore(group, item) {
  return { [joinOf(group)]: [...itemsOf(group), item] };
}

/**
 * An action; undefined and what is empty take it away.
 * @param {Rule} rule
 * @param {string} action
 * @param {any} value
 * @returns {Rule}
 */
export function withAction(rule, action, value) {
  const { [action]: _old, ...rest } = rule.then ?? {};
  const gone = value === undefined || (Array.isArray(value) && value.length === 0);
  // biome-ignore lint/suspicious/noThenProperty: rules are written so
  return { ...rule, then: /** @type {Then} */ (gone ? rest : { ...rest, [action]: value }) };
}

/** @param {string} written `billing:2` @returns {{ id: string, level: number }} */
export function skillOf(written) {
  const [id, level] = written.split(":");
  return { id, level: Number(level) || 1 };
}

/** @param {{ id: string, level: number }} skill */
export const writtenSkill = ({ id, level }) => `${id}:${level}`;

/**
 * What is asked less of an agent after some waiting, as people say it: "to anybody" is as many steps as the rule asks
 * for skills, and one more for the team.
 * @typedef {object} Relief
 * @property {number} after_s
 * @property {"anybody" | "teams" | "team" | "lower" | "drop"} kind anybody: without its skills, of any team; teams: of any team
 * @property {string} [skill]
 * @property {number} [level]
 * @property {string} [team]
 */

/** @param {Rule} rule @returns {Relief[]} */
export function reliefsOf(rule) {
  const steps = rule.then?.relax ?? [];
  const wanted = listOf(rule.then?.require).map((written) => skillOf(written).id);
  /** @type {Relief[]} */
  const reliefs = [];
  const seen = new Set();
  for (const step of steps) {
    const together = steps.filter((one) => one.after_s === step.after_s);
    const dropped = new Set(together.map((one) => one.drop));
    const anybody = together.some((one) => one.anybody) && wanted.every((skill) => dropped.has(skill));
    const part = step.anybody || (step.drop !== undefined && wanted.includes(step.drop));
    if (!anybody || !part) reliefs.push(reliefOf(step));
    else if (!seen.has(step.after_s)) reliefs.push({ after_s: step.after_s, kind: "anybody" });
    if (anybody && part) seen.add(step.after_s);
  }
  return reliefs;
}

/** @param {RelaxStep} step @returns {Relief} */
function reliefOf({ after_s, lower, drop, team }) {
  if (lower !== undefined) {
    const { id, level } = skillOf(lower);
    return { after_s, kind: "lower", skill: id, level };
  }
  if (drop !== undefined) return { after_s, kind: "drop", skill: drop };
  return team === undefined ? { after_s, kind: "teams" } : { after_s, kind: "team", team };
}

/** @param {Rule} rule @param {Relief[]} reliefs @returns {Rule} */
export function withReliefs(rule, reliefs) {
  const wanted = listOf(rule.then?.require).map((written) => skillOf(written).id);
  const steps = reliefs.flatMap((relief) => stepsOf(relief, wanted));
  return withAction(rule, "relax", steps);
}

/** @param {Relief} relief @param {string[]} wanted @returns {RelaxStep[]} */
function stepsOf({ after_s, kind, skill = "", level = 1, team = "" }, wanted) {
  if (kind === "lower") return [{ after_s, lower: writtenSkill({ id: skill, level }) }];
  if (kind === "drop") return [{ after_s, drop: skill }];
  if (kind === "team") return [{ after_s, team }];
  return [...(kind === "anybody" ? wanted.map((drop) => ({ after_s, drop })) : []), { after_s, anybody: true }];
}

/**
 * Other skills, with the reliefs that were about those that are gone taken away, and "anybody" still meaning anybody.
 * @param {Rule} rule
 * @param {"require" | "prefer"} action
 * @param {string[]} skills
 */
export function withSkills(rule, action, skills) {
  const reliefs = reliefsOf(rule);
  const changed = withAction(rule, action, skills);
  const left = new Set(
    [...listOf(changed.then.require), ...listOf(changed.then.prefer)].map((written) => skillOf(written).id),
  );
  const gone = listOf(rule.then?.[action])
    .map((written) => skillOf(written).id)
    .filter((skill) => !left.has(skill));
  return withReliefs(
    changed,
    reliefs.filter(({ skill }) => !skill || !gone.includes(skill)),
  );
}

/** The next step comes some time after the last one. @param {Relief[]} reliefs */
export const nextAfter = (reliefs) => (reliefs.length ? Math.max(...reliefs.map((one) => one.after_s)) + 300 : 300);

/**
 * @template T
 * @param {readonly T[]} list
 * @param {number} from
 * @param {number} to its place afterwards
 * @returns {T[]}
 */
export function shifted(list, from, to) {
  const others = list.filter((_, i) => i !== from);
  others.splice(Math.max(0, Math.min(to, others.length)), 0, list[from]);
  return others;
}

/** One value or several, as a list. @param {any} value @returns {any[]} */
export const listOf = (value) => (Array.isArray(value) ? value : value === undefined || value === "" ? [] : [value]);

/** Operators whose value is a list. */
const LISTS = new Set(["in", "mentions"]);

/**
 * How a condition's value is given.
 * @param {import("../types.js").RoutingField} field
 * @param {string} op
 * @returns {"list" | "text" | "number" | "two" | "choice" | "choices" | "yes" | "any"}
 */
export function valueKind(field, op) {
  if (op === "exists" || field.type === "flag") return "yes";
  if (op === "between") return "two";
  if (field.type === "number" || op === "greater" || op === "less") return "number";
  if (field.type === "choice") return op === "in" ? "choices" : "choice";
  if (field.type === "hours") return "choice";
  if (field.type === "tags" || LISTS.has(op)) return "list";
  return "text";
}

/**
 * The value that a condition begins with, keeping what was there where it still fits.
 * @param {import("../types.js").RoutingField} field
 * @param {string} op
 * @param {any} old
 * @param {string[]} choices
 */
export function firstValue(field, op, old, choices) {
  const was = listOf(old);
  const text = typeof was[0] === "string" ? was[0] : "";
  switch (valueKind(field, op)) {
    case "yes":
      return typeof old === "boolean" ? old : true;
    case "two":
      return was.length === 2 && was.every((one) => typeof one === "number") ? was : [1, 10];
    case "number":
      return typeof was[0] === "number" ? was[0] : 1;
    case "choice":
      return choices.includes(text) ? text : ""; // nothing is chosen for anybody
    case "choices":
      return was.filter((one) => choices.includes(one));
    case "list":
      return was.filter((one) => typeof one === "string");
    default:
      return text;
  }
}

/**
 * The rule with the name that was probably meant, wherever the other stands.
 * @param {Rule} rule
 * @param {import("../types.js").Fault} warning
 * @returns {Rule}
 */
export function withSuggestion(rule, { path, code, params }) {
  const { got, near } = params;
  const skill = code === "unknown_skill";
  /** @param {any} value @returns {any} */
  const meant = (value) => {
    if (Array.isArray(value)) return value.map(meant);
    if (value !== null && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, meant(one)]));
    if (value === got) return near;
    if (typeof value !== "string") return value;
    if (skill && value.startsWith(`${got}:`)) return near + value.slice(got.length);
    return code === "unknown_hours" && value === `hours:${got}` ? `hours:${near}` : value;
  };
  const part = path.split(".")[0];
  const action = path.split(".")[1];
  if (part === "when") return { ...rule, when: meant(rule.when) };
  return part === "then" && action ? withAction(rule, action, meant(rule.then[action])) : rule;
}
