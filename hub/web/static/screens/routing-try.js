/** @import { RoutingView, Trial } from "../types.js" */
import { api, asProblem } from "../api.js";
import { ConversationPicker } from "../components/conversation-picker.js";
import { Select } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { languageName, listed, problemWords, t } from "../i18n.js";
import { now } from "../models/clock.js";
import { changes, flush, kept, rules } from "../models/rulebook.js";
import { seconds } from "../models/sentence.js";
import { details, skillsWords } from "../models/why.js";
import { html, useEffect, useState } from "../ui.js";

/** @typedef {"live" | "draft"} Which */

const AFTER_MS = 450;

/** A message or a conversation, and where the rules would lead it. @param {{ routing: RoutingView }} props */
export function TryOut({ routing }) {
  const [by, setBy] = useState(/** @type {"message" | "conversation"} */ ("message"));
  const [text, setText] = useState("");
  const [subject, setSubject] = useState("");
  const [channel, setChannel] = useState(routing.channels[0]?.id ?? "");
  const [row, setRow] = useState(/** @type {import("../types.js").Row | null} */ (null));
  const [which, setWhich] = useState(/** @type {Which} */ ("draft"));
  const drafted = changes.value.length > 0;
  const used = drafted ? which : "live";
  const mail = routing.channels.find((one) => one.id === channel)?.kind === "email";
  const ready = by === "message" ? text.trim() !== "" && channel !== "" : row !== null;
  const asked =
    by === "message"
      ? { message: { text, channel, ...(mail && subject.trim() ? { subject } : {}) } }
      : { conversation: row?.id };
  const version = routing.live.version;
  const live = useTrial(ready ? JSON.stringify({ rules: "live", ...asked }) : "", version);
  const draft = useTrial(ready && drafted ? JSON.stringify({ rules: "draft", ...asked }) : "", version);
  const { trial, problem } = used === "live" ? live : draft;
  const named = routing.channels.map(({ id, name }) => ({ value: id, words: name }));
  if (!routing.channels.length)
    return html`<section aria-labelledby="try-title"><div class="side-head"><h2 id="try-title">${t("try.title")}</h2></div><p class="muted">${t("try.no_channels")} <a href="/settings/channels">${t("try.no_channels.next")}</a></p></section>`;
  return html`<section aria-labelledby="try-title"><div class="side-head"><h2 id="try-title">${t(by === "message" ? "try.title" : "try.title.conversation")}</h2></div>
    ${
      by === "message"
        ? html`${mail && html`<input type="text" class="try-subject" aria-label=${t("try.subject")} placeholder=${t("try.subject")} value=${subject} onInput=${(/** @type {any} */ event) => setSubject(event.target.value)} />`}
          <textarea class="try" rows="3" maxlength="20000" aria-label=${t("try.text")} placeholder=${t("try.placeholder")} value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)}></textarea>
          <p class="try-how"><span>${t("try.channel")}</span> <${Select} value=${channel} aria-label=${t("try.channel")} change=${setChannel} options=${named} /> <span>${t("try.new_customer")}</span></p>
          <p class="try-how"><button type="button" class="more" onClick=${() => setBy("conversation")}>${t("try.pick")}</button></p>`
        : html`<${ConversationPicker} chosen=${row} choose=${setRow} />
          ${row?.last?.text && html`<p class="try-said">${row.last.text}</p>`}
          <p class="try-how"><button type="button" class="more" onClick=${() => setBy("message")}>${t("try.write")}</button></p>`
    }
    <div class="try-result" aria-live="polite">
      ${drafted && (live.trial || draft.trial) && html`<${Beside} live=${live.trial} draft=${draft.trial} which=${which} choose=${setWhich} />`}
      ${ready && problem?.code === "rules_faulty" && html`<p class="muted">${t("check.faulty")}</p>`}
      ${ready && problem && problem.code !== "rules_faulty" && html`<p class="notice bad"><${Icon} name="error" small />${problemWords(problem)}</p>`}
      ${ready && trial ? html`<${Result} trial=${trial} live=${used === "live"} />` : !problem && by === "message" && html`<p class="muted">${t("try.waiting_words")}</p>`}
    </div></section>`;
}

/**
 * Where the live rules and where the draft would lead it; pressed, the one is explained below.
 * @param {{ live: Trial | null, draft: Trial | null, which: Which, choose: (which: Which) => void }} props
 */
function Beside({ live, draft, which, choose }) {
  const both = live && draft;
  const same = both && whither(live) === whither(draft);
  /** @type {[Which, Trial | null][]} */
  const sides = [
    ["live", live],
    ["draft", draft],
  ];
  return html`<div class="beside" role="group" aria-label=${t("try.rules")}>${sides.map(
    ([one, trial]) =>
      html`<button type="button" key=${one} aria-pressed=${String(which === one)} onClick=${() => choose(one)}><small>${t(`try.${one}`)}</small><b>${trial ? whither(trial) : "–"}</b></button>`,
  )}</div>
  ${both && html`<p class=${same ? "muted" : "muted differs"}>${t(same ? "try.same" : "try.differs")}</p>`}`;
}

/** To whom, in a word or two. @param {Trial} trial */
function whither({ decision: { outcome, agent } }) {
  return outcome !== "nobody" && agent ? agent.name : t("try.nobody_yet");
}

/**
 * Tries again a moment after the last change of what is asked, or of the rules as the hub has them.
 * @param {string} asked the body; empty: nothing yet
 * @param {number} live the version that is live
 */
function useTrial(asked, live) {
  const [found, setFound] = useState(
    /** @type {{ trial: Trial | null, problem: import("../api.js").Problem | null }} */ ({
      trial: null,
      problem: null,
    }),
  );
  const saved = kept.value;
  useEffect(() => {
    if (!asked) {
      setFound({ trial: null, problem: null });
      return;
    }
    let wanted = true;
    const soon = setTimeout(async () => {
      try {
        await flush();
        const trial = await api.tryRules(JSON.parse(asked));
        if (wanted) setFound({ trial, problem: null });
      } catch (error) {
        if (wanted) setFound({ trial: null, problem: asProblem(error) });
      }
    }, AFTER_MS);
    return () => {
      wanted = false;
      clearTimeout(soon);
    };
  }, [asked, saved, live]);
  return found;
}

/** @param {{ trial: Trial, live: boolean }} props */
function Result({ trial, live }) {
  const why = details(trial.decision, now(), { tense: "would" });
  const chosen = trial.decision.outcome !== "nobody";
  return html`<div class=${`result ${chosen ? "" : "nobody"}`}><h3>${why.head}</h3>
    <ul>
      ${!chosen && html`<li class="reason">${why.line}</li>`}
      <li>${matched(trial, live)}</li>
      <li>${why.needs.map(({ name, words }) => `${name}: ${words}`).join(" · ")}</li>
      ${why.candidates.length > 0 && html`<li>${why.candidates.map((one) => `${one.agent.name}: ${one.words}`).join("; ")}</li>`}
      ${why.others.map((words) => html`<li key=${words}>${words}</li>`)}
      ${why.tie && html`<li>${why.tie}</li>`}
      ${why.again && html`<li>${why.again}</li>`}
      ${trial.answers.map((text) => html`<li key=${text}>${t("try.answers", { text })}</li>`)}
      <li>${t("try.language", { language: trial.facts.language ? languageName(trial.facts.language) : t("try.language.unknown") })}</li>
    </ul>
    <${Later} trial=${trial} />
    ${trial.held_by && html`<p class="muted">${t("try.held_by", { name: trial.held_by.name })}</p>`}</div>`;
}

/** What is asked less, and when, if nobody takes it. @param {{ trial: Trial }} props */
function Later({ trial: { stages } }) {
  if (!stages.length) return null;
  return html`<h4>${t("try.later")}</h4><ul>${stages.map(
    (one) =>
      html`<li key=${one.after_s}>${t("try.later.after", { time: seconds(one.after_s) })}: <b>${whoFits(one)}</b> <span class="by-rule">(${listed(one.rules.map(quoted))}${one.over.length > 0 && `; ${t("try.later.over", { rules: listed(one.over.map(quoted)) })}`})</span></li>`,
  )}</ul>`;
}

/** @param {{ name: string }} rule */
const quoted = ({ name }) => `“${name}”`;

/** Anybody; or of which teams, with which skills. @param {Trial["stages"][number]} stage */
function whoFits({ require, teams }) {
  const of = listed(teams.map((one) => one.name));
  const skills = skillsWords(require);
  if (of && skills) return t("try.later.team_skills", { teams: of, skills });
  if (of) return t("try.later.team", { teams: of });
  return skills ? t("try.later.skills", { skills }) : t("try.later.anybody");
}

/** Which rules held, with their places. @param {Trial} trial @param {boolean} live */
function matched({ matched: found }, live) {
  if (!found.length) return t("try.matched.none");
  const names = found.map((one) => html`<b key=${one.id}>${live ? one.index + 1 : placeOf(one)} ${one.name}</b>`);
  return html`${t("try.matched")}: ${names.map((name, i) => (i ? [", ", name] : name))}`;
}

/** As the list shows it, counted from 1. @param {{ id: string, index: number }} one */
function placeOf({ id, index }) {
  const place = rules.peek().findIndex((rule) => rule.id === id);
  return (place < 0 ? index : place) + 1;
}
