// A rule as a sentence in the reader's language, in parts of which some are strong.
/** @import { Condition, Group, Rule, When } from "../types.js" */
import { has, languageName, listedOr, number, span, t, tx } from "../i18n.js";
import { isGroup, itemsOf, joinOf, listOf, reliefsOf, skillOf } from "./rule-edit.js";
import { skillName } from "./why.js";

/** Names by id. @typedef {{ skills: Record<string, string>, teams: Record<string, string>, hours: Record<string, string>, agents: Record<string, string> }} Names */
/** @typedef {{ text: string, strong: boolean }} Part */

const VALUES_SHOWN = 6;
const ANSWER_SHOWN = 60;
const STAR = "\u2217"; // stands for a star of somebody's own until the marks are read

/**
 * "When the text **mentions boleto** and the language is **Portuguese**, require **billing 2**; after **5 min** …"
 * @param {Rule} rule
 * @param {Names} names
 * @returns {Part[]}
 */
export function sentence(rule, names) {
  const when = conditions(rule.when, names);
  const does = actions(rule, names);
  const what = does.length ? does : said("rule.then.nothing");
  const whole = filled(when.length ? "rule.sentence" : "rule.sentence.always", { when, what });
  return tidy(rule.stop ? [...whole, plain(" "), ...said("rule.then.stop")] : whole);
}

/** The same as plain words. @param {Rule} rule @param {Names} names */
export function sentenceText(rule, names) {
  return sentence(rule, names)
    .map((part) => part.text)
    .join("");
}

/** @param {Group | undefined} group @param {Names} names @returns {Part[]} */
function conditions(group, names) {
  const items = itemsOf(group).map((item) => conditionParts(item, names));
  if (!items.length) return [];
  const join = joinOf(group);
  const all = joinedBy(items, join === "all" ? "rule.and" : "rule.or");
  return join === "none" ? filled("rule.none_of", { when: all }) : all;
}

/** @param {When} item @param {Names} names @returns {Part[]} */
function conditionParts(item, names) {
  if (!isGroup(item)) return condition(item, names);
  const inner = conditions(item, names);
  return itemsOf(item).length > 1 && joinOf(item) !== "none" ? [plain("("), ...inner, plain(")")] : inner;
}

/** @param {Condition} one @param {Names} names @returns {Part[]} */
function condition({ field, op, value }, names) {
  const [kind, name = ""] = splitField(field);
  const about = name && kind === "hours" ? "hours_of" : kind;
  const keys = [`rule.if.${about}.${op}.${value}`, `rule.if.${about}.${op}`, `rule.if.${op}.${value}`, `rule.if.${op}`];
  const key = keys.find(has) ?? "rule.if.other";
  return said(key, {
    field: fieldInSentence(kind, name),
    op,
    name: kind === "hours" ? (names.hours[name] ?? name) : name,
    value: valuesWords(kind, value, names),
    low: valueWords(kind, listOf(value)[0] ?? 0, names),
    high: valueWords(kind, listOf(value)[1] ?? 0, names),
  });
}

/** `attribute:tier` → attribute, tier @param {string} field @returns {[string, string]} */
export function splitField(field) {
  const at = field.indexOf(":");
  return at < 0 ? [field, ""] : [field.slice(0, at), field.slice(at + 1)];
}

/** @param {string} kind @param {string} name */
function fieldInSentence(kind, name) {
  return has(`rule.in.${kind}`) ? t(`rule.in.${kind}`, { name: name || "…" }) : kind;
}

/** @param {string} field @param {any} value @param {Names} names */
function valuesWords(field, value, names) {
  const all = listOf(value).map((one) => valueWords(field, one, names));
  if (!all.length) return "…";
  if (all.length <= VALUES_SHOWN) return listedOr(all);
  return t("rule.values.more", {
    values: all.slice(0, VALUES_SHOWN - 1).join(", "),
    count: all.length - VALUES_SHOWN + 1,
  });
}

/**
 * One value as this field has it, in the reader's words.
 * @param {string} field without the name behind the colon
 * @param {any} value
 * @param {Names} names
 */
export function valueWords(field, value, names) {
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  const text = String(value);
  if (field === "language") return languageName(text);
  if (field === "previous_agent") return names.agents[text] ?? text;
  const key = `${{ channel: "kind", lifecycle: "lifecycle", hours: "rule.hours" }[field]}.${text}`;
  return has(key) ? t(key) : text || "…";
}

/** What the rule does, each as its own words, divided by semicolons. @param {Rule} rule @param {Names} names @returns {Part[]} */
function actions(rule, names) {
  const then = rule.then ?? {};
  const all = ACTIONS.filter((action) => then[action] !== undefined).flatMap((action) =>
    SAY[action](then, names, rule),
  );
  return all.flatMap((parts, i) => (i ? [plain("; "), ...parts] : parts));
}

/** @param {string} written `billing:2` @param {Names} names */
export function skillInWords(written, names) {
  const { id, level } = skillOf(written);
  return t("why.skill", { name: skillName({ id, name: names.skills[id] ?? id }), level });
}

/** @param {any} value one, or several @param {string} key @param {Names} names @returns {Part[][]} */
function skillsSaid(value, key, names) {
  const skills = listOf(value).map((one) => [{ text: skillInWords(one, names), strong: true }]);
  return skills.length ? [filled(key, { skills: joinedBy(skills, "rule.and") })] : [];
}

/** @type {Readonly<Record<string, (then: import("../types.js").Then, names: Names, rule: Rule) => Part[][]>>} */
const SAY = {
  require: (then, names) => skillsSaid(then.require, "rule.then.require", names),
  prefer: (then, names) => skillsSaid(then.prefer, "rule.then.prefer", names),
  team: (then, names) => [said("rule.then.team", { team: names.teams[String(then.team)] ?? then.team })],
  priority: (then) => [said("rule.then.priority", { count: then.priority })],
  weight: (then) => [said("rule.then.weight", { count: then.weight })],
  sticky: (then, names) => [sticky(then.sticky, names)],
  relax: (_then, names, rule) => reliefsOf(rule).map((relief) => reliefSaid(relief, names)),
  tag: (then) => [said("rule.then.tag", { tags: listOf(then.tag).join(", ") || "…" })],
  answer: (then) => [said("rule.then.answer", { text: short(answerText(then.answer)) || "…" })],
  hold: (then, names) => [
    typeof then.hold === "object" && then.hold?.hours
      ? said("rule.then.hold.hours", { hours: names.hours[then.hold.hours] ?? then.hold.hours })
      : said("rule.then.hold"),
  ],
};
const ACTIONS = Object.keys(SAY);

/** @param {any} value @param {Names} names */
function sticky(value, names) {
  if (value === false) return said("rule.then.sticky.off");
  const agent = value?.agent ? (names.agents[value.agent] ?? value.agent) : null;
  const wait = value?.wait_s === undefined ? "" : seconds(value.wait_s);
  const who = agent ? ".agent" : "";
  return said(`rule.then.sticky${who}${wait ? ".wait" : ""}`, { agent, time: wait });
}

/** @param {import("./rule-edit.js").Relief} relief @param {Names} names */
function reliefSaid({ after_s, kind, skill = "", level, team = "" }, names) {
  const called = skillName({ id: skill, name: names.skills[skill] ?? skill });
  return said(`rule.step.${kind}`, { time: seconds(after_s), skill: called, level, team: names.teams[team] ?? team });
}

/** Seconds in words: 40 s, 90 s, 5 min, 1 h 30 min. @param {number} count */
export function seconds(count) {
  return count % 60 || count === 0 ? t("time.seconds", { count }) : span(count * 1000);
}

/** One of an answer's texts: the reader's language, else the first. @param {any} answer */
export function answerText(answer) {
  if (typeof answer === "string") return answer;
  const texts = Object.entries(answer ?? {});
  const mine = t("language.code");
  const fitting =
    texts.find(([code]) => code === mine) ?? texts.find(([code]) => code.slice(0, 2) === mine.slice(0, 2));
  return String((fitting ?? texts[0])?.[1] ?? "");
}

/** @param {string} text */
function short(text) {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > ANSWER_SHOWN ? `${line.slice(0, ANSWER_SHOWN - 1).trimEnd()}…` : line;
}

// --- parts

/** @param {string} text @returns {Part} */
const plain = (text) => ({ text, strong: false });

/**
 * The words of `key`; what stands between stars there is strong.
 * @param {string} key
 * @param {Record<string, unknown>} [params]
 * @returns {Part[]}
 */
function said(key, params = {}) {
  const safe = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === "string" ? value.replaceAll("*", STAR) : value,
  ]);
  return t(key, Object.fromEntries(safe))
    .split("*")
    .map((text, i) => ({ text: text.replaceAll(STAR, "*"), strong: i % 2 === 1 }));
}

/** The words of `key` around parts that are made already. @param {string} key @param {Record<string, Part[]>} params @returns {Part[]} */
function filled(key, params) {
  return tx(key, params).flatMap((part) => (Array.isArray(part) ? part : [plain(String(part))]));
}

/** @param {Part[][]} items @param {string} key @returns {Part[]} */
function joinedBy(items, key) {
  return items.flatMap((parts, i) => (i ? [plain(` ${t(key)} `), ...parts] : parts));
}

/** @param {Part[]} parts */
const tidy = (parts) => parts.filter((part) => part.text);
