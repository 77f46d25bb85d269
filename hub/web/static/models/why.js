// Why a conversation went to whom, or to nobody, in words: the same for the stream, the head, the try-out and the board.
/** @import { CandidateView, DecisionView, LevelView, Named, Row, WaitsView } from "../types.js" */
import { asEntry, has, languageName, listed, momentOf, number, t } from "../i18n.js";
import { agentOf, deskWords } from "./availability.js";
import { me } from "./session.js";

const NAMED_IN_LINE = 2;
/** What is worth a word in one line; who is of another team or lacks the skill goes without saying. */
const SAID = new Set(["full", "cap", "away", "declined", "flood"]);
/** Who holds a language has it by its code: its name is the reader's. */
const LANGUAGE = /^lang-([a-z]{2,3})$/;

/** @param {{ id: string }} skill */
export const isLanguage = ({ id }) => LANGUAGE.test(id);

/** The name of a skill for this reader, as it stands in a sentence. @param {{ id: string, name: string }} skill */
export function skillName({ id, name }) {
  const code = LANGUAGE.exec(id)?.[1];
  return code ? languageName(code) : name;
}

/** The same where it stands alone: at the head of a column, in a list. @param {{ id: string, name: string }} skill */
export function skillTitle(skill) {
  return isLanguage(skill) ? asEntry(skillName(skill)) : skill.name;
}

/** billing 3 @param {LevelView} skill */
export function skillWords(skill) {
  return t("why.skill", { name: skillName(skill), level: skill.level });
}

/** @param {readonly LevelView[]} skills */
export const skillsWords = (skills) => listed(skills.map(skillWords));

/**
 * The whole decision in one line: "Went to Ana: billing 3, most room, 6 of 10 free; Bruno full, Carla not available".
 * @param {DecisionView} decision
 * @param {number} now
 */
export function line(decision, now) {
  if (decision.agent && decision.outcome !== "nobody") {
    return t(`why.${decision.outcome}`, { agent: decision.agent.name, reasons: reasons(decision) });
  }
  return waitsWords(asWaits(decision), now);
}

/** Why this agent, without the name: "billing 3, most room, 6 of 10 free; Bruno full". @param {DecisionView} decision */
export function reasons(decision) {
  const best = decision.candidates.find((one) => one.agent.id === decision.agent?.id);
  const because = has(`why.because.${decision.why}`)
    ? t(`why.because.${decision.why}`, { room: best?.room ?? 0, capacity: best?.capacity ?? 0 })
    : "";
  const good = [...decision.needs.require.map(skillWords), because].filter(Boolean).join(", ");
  const passed = decision.candidates.filter((one) => one.barrier && SAID.has(one.barrier));
  const others = passed.slice(0, NAMED_IN_LINE).map(withBarrier).join(", ");
  return [good, others].filter(Boolean).join("; ");
}

/** Bruno full @param {CandidateView} one */
function withBarrier(one) {
  return t("why.barrier.of", { agent: one.agent.name.split(" ")[0], barrier: barrierWords(one.barrier ?? "") });
}

/** @param {string} barrier */
function barrierWords(barrier) {
  return t(has(`why.barrier.${barrier}`) ? `why.barrier.${barrier}` : "why.barrier.away");
}

/** The decision as far as a row of the list holds it. @param {DecisionView} decision @returns {WaitsView} */
function asWaits({ why, lacks, needs, candidates, again_at }) {
  const only = candidates.filter((one) => one.barrier === "full" || one.barrier === "cap");
  return {
    why,
    lacks,
    require: needs.require,
    teams: needs.teams,
    agent: needs.agent,
    only: only.length === 1 ? only[0].agent : null,
    open_at: needs.open_at,
    again_at,
  };
}

/** What the hub says of a row that waits; null while nothing is known, or it is in somebody's hands. @param {Row} row @returns {WaitsView | null} */
export function waitsOf({ waits, needs, team, offer }) {
  if (!waits || offer) return null;
  return {
    ...waits,
    require: needs?.require ?? [],
    teams: team ? [team] : [],
    agent: needs?.agent ?? null,
    open_at: waits.why === "until_open" ? waits.again_at : null,
  };
}

/** What is still missing: "Waits: nobody here has Spanish 2". @param {WaitsView} waits @param {number} now */
export function waitsWords(waits, now) {
  const words = WAITS[waits.why]?.(waits, now);
  return words ?? t(has(`why.nobody.${waits.why}`) ? `why.nobody.${waits.why}` : "why.nobody.other");
}

/** @type {Readonly<Record<string, (waits: WaitsView, now: number) => string | null>>} */
const WAITS = {
  nobody_here: ({ teams }) =>
    teams?.length ? t("why.nobody.nobody_here.team", { teams: listed(teams.map((one) => one.name)) }) : null,
  lacks_skill: ({ lacks, require }) =>
    lacks.length
      ? t("why.nobody.lacks_skill", { skills: skillsWords(lacks) })
      : t("why.nobody.lacks_skill.together", { skills: skillsWords(require ?? []) }),
  full: ({ only }) => (only ? t("why.nobody.full.one", { agent: only.name }) : null),
  waits_for_agent: ({ agent, again_at }, now) =>
    again_at
      ? t("why.nobody.waits_for_agent.until", { agent: nameOf(agent), time: momentOf(again_at, now) })
      : t("why.nobody.waits_for_agent", { agent: nameOf(agent) }),
  until_open: ({ open_at }, now) => (open_at ? t("why.nobody.until_open.at", { time: momentOf(open_at, now) }) : null),
};

/** @param {Named | null | undefined} who */
const nameOf = (who) => who?.name || t("somebody");

/** What is missing in two words, for a small mark; nothing for what is new or in hand. @param {WaitsView} waits */
export function waitsChip(waits) {
  const { why, lacks, agent } = waits;
  if (!has(`why.chip.${why}`)) return "";
  if (why === "lacks_skill" && !lacks.length) return t("why.chip.lacks_skill.together");
  if (why === "waits_for_agent" && !agent) return "";
  return t(`why.chip.${why}`, { skills: skillsWords(lacks), agent: agent?.name.split(" ")[0] });
}

/**
 * Everything that is to be said, in the order in which it is read.
 * @typedef {object} Details
 * @property {string} head to whom
 * @property {string} line why, in one line
 * @property {{ name: string, words: string }[]} needs name and what is asked for
 * @property {string} rules which rules had a say, of which version
 * @property {string} relaxed empty when it still asks for all
 * @property {CandidateLine[]} candidates the chosen first
 * @property {string[]} others how many more, by reason
 * @property {string} tie empty when nothing had to be told apart
 * @property {string} again when it is looked at again; empty when it went to somebody
 *
 * @typedef {object} CandidateLine
 * @property {Named} agent
 * @property {boolean} chosen
 * @property {string} words their room, or why not
 * @property {number} used units in use
 * @property {number} capacity
 * @property {boolean} out could not take it
 */

/**
 * @param {DecisionView} decision
 * @param {number} now
 * @param {{ tense?: "would" | "did" }} [how] would: nothing has been done yet (a try-out)
 * @returns {Details}
 */
export function details(decision, now, { tense = "did" } = {}) {
  return {
    head: head(decision, tense),
    line: line(decision, now),
    needs: needsOf(decision),
    rules: rulesOf(decision),
    relaxed: easedWords(decision),
    candidates: decision.candidates.map((one) => candidate(one, decision, tense, now)),
    others: othersOf(decision),
    tie: decision.tie && has(`why.tie.${decision.tie}`) ? t(`why.tie.${decision.tie}`) : "",
    again: againOf(decision, now),
  };
}

/** What is asked less than at first: "Billing 1 is enough, Support too". @param {DecisionView} decision */
function easedWords({ relaxed, eased }) {
  if (!relaxed) return "";
  if (!eased?.length) return t("why.relaxed.count", { count: relaxed });
  const steps = eased.map(({ lower, drop, team }) => {
    if (lower) return t("why.step.lower", { skill: skillWords(lower) });
    if (drop) return t("why.step.drop", { skill: skillName(drop) });
    return team ? t("why.step.team", { team: team.name }) : t("why.step.anybody");
  });
  return t("why.relaxed", { steps: listed([...new Set(steps)]) });
}

/** @param {DecisionView} decision @param {"would" | "did"} tense */
function head({ outcome, agent }, tense) {
  if (outcome === "nobody" || !agent) return t(tense === "would" ? "why.nobody" : "why.waiting");
  if (outcome === "offered") return t("why.offered_to", { agent: agent.name });
  return t(tense === "would" ? "why.goes_to" : "why.went_to", { agent: agent.name });
}

/** @param {DecisionView} decision */
function needsOf({ needs }) {
  const asked = needs.require.length ? skillsWords(needs.require) : t("why.needs.nothing");
  const rows = [
    ["why.needs", asked],
    ["why.prefers", needs.prefer.length ? skillsWords(needs.prefer) : ""],
    ["why.team", listed(needs.teams.map((one) => one.name))],
    ["why.first", needs.agent?.name ?? ""],
    ["why.takes", t("why.units", { count: needs.weight })],
    ["why.priority", number(needs.priority)],
  ];
  return rows.filter(([, words]) => words).map(([key, words]) => ({ name: t(key), words }));
}

/** @param {DecisionView} decision */
function rulesOf({ needs, version }) {
  const names = needs.rules.map((rule) => `“${rule.name || rule.id}”`);
  const matched = names.length ? `${t("why.rules")}: ${listed(names)}` : t("why.rules.none");
  return version ? `${matched} · ${t("why.version", { number: version })}` : matched;
}

/** @param {CandidateView} one @param {DecisionView} decision @param {"would" | "did"} tense @param {number} now @returns {CandidateLine} */
function candidate(one, decision, tense, now) {
  const chosen = decision.outcome !== "nobody" && one.agent.id === decision.agent?.id;
  const room = t("why.free", { room: Math.max(0, one.room), capacity: one.capacity });
  const still = tense === "would" || decision.outcome === "nobody";
  const words = [one.barrier ? (still && awayNow(one, now)) || barrierWords(one.barrier) : room];
  if (!one.barrier && decision.why === "best_skill") words.push(t("why.levels", { sum: one.levels }));
  if (chosen) words.push(t(tense === "would" ? "why.chosen.would" : "why.chosen"));
  return {
    agent: one.agent,
    chosen,
    words: words.join(", "),
    used: Math.max(0, one.capacity - one.room),
    capacity: one.capacity,
    out: Boolean(one.barrier),
  };
}

/** As the board says it: lunch until 14:00. @param {CandidateView} one @param {number} now */
function awayNow({ agent, barrier }, now) {
  const known = barrier === "away" ? agentOf(agent.id) : null;
  return known && known.availability !== "available" ? deskWords(known, now) : "";
}

/** Names where they are few, else how many. @param {DecisionView} decision */
function othersOf(decision) {
  const { named = {}, others, lacking } = decision;
  const known = Object.entries(named).map(([barrier, agents]) => {
    const [only] = lacking;
    const skill = lacking.length === 1 && { id: only.skill, name: only.name, level: only.level };
    const why =
      barrier === "skill" && skill ? t("why.barrier.lacks", { skill: skillWords(skill) }) : barrierWords(barrier);
    return t("why.others.named", { why, agents: listed(agents.map(nameOrYou)) });
  });
  const counted = Object.fromEntries(Object.entries(others).filter(([barrier]) => !(barrier in named)));
  return [...known, ...countedWords({ others: counted, lacking: "skill" in named ? [] : lacking })];
}

/** @param {Named} agent */
const nameOrYou = ({ id, name }) => (id === me.value?.id ? t("you").toLowerCase() : name);

/** @param {Pick<DecisionView, "others" | "lacking">} decision */
function countedWords({ others, lacking }) {
  const lack = lacking.map((one) =>
    t("why.others.lacking", {
      count: one.agents,
      skill: skillWords({ id: one.skill, name: one.name, level: one.level }),
    }),
  );
  const counted = lacking.reduce((sum, one) => sum + one.agents, 0);
  const rest = Object.entries(others)
    .map(([barrier, count]) => ({ barrier, count: barrier === "skill" ? count - counted : count }))
    .filter(({ barrier, count }) => count > 0 && has(`why.others.${barrier}`))
    .map(({ barrier, count }) => t(`why.others.${barrier}`, { count }));
  return [...lack, ...rest];
}

/** @param {DecisionView} decision @param {number} now */
function againOf({ outcome, again_at }, now) {
  if (outcome !== "nobody") return "";
  return again_at ? t("why.again", { time: momentOf(again_at, now, true) }) : t("why.again.change");
}
