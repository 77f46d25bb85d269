/** @import { RoutingView, Trial } from "../types.js" */
import { api, asProblem } from "../api.js";
import { Select } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { languageName, problemWords, t } from "../i18n.js";
import { now } from "../models/clock.js";
import { changes, flush, kept, rules } from "../models/rulebook.js";
import { details } from "../models/why.js";
import { html, useEffect, useState } from "../ui.js";

const AFTER_MS = 450;

/** A message or a conversation, and where the rules would lead it. @param {{ routing: RoutingView }} props */
export function TryOut({ routing }) {
  const [by, setBy] = useState(/** @type {"message" | "conversation"} */ ("message"));
  const [text, setText] = useState("");
  const [subject, setSubject] = useState("");
  const [channel, setChannel] = useState(routing.channels[0]?.id ?? "");
  const [number, setNumber] = useState("");
  const [which, setWhich] = useState(/** @type {"live" | "draft"} */ ("draft"));
  const drafted = changes.value.length > 0;
  const used = drafted ? which : "live";
  const mail = routing.channels.find((one) => one.id === channel)?.kind === "email";
  const ready = by === "message" ? text.trim() !== "" && channel !== "" : /^[0-9]+$/.test(number.trim());
  const asked =
    by === "message"
      ? { message: { text, channel, ...(mail && subject.trim() ? { subject } : {}) } }
      : { conversation: number.trim() };
  const { trial, problem } = useTrial(ready ? JSON.stringify({ rules: used, ...asked }) : "");
  const named = routing.channels.map(({ id, name }) => ({ value: id, words: name }));
  if (!routing.channels.length)
    return html`<section aria-labelledby="try-title"><div class="side-head"><h2 id="try-title">${t("try.title")}</h2></div><p class="muted">${t("try.no_channels")} <a href="/settings/channels">${t("try.no_channels.next")}</a></p></section>`;
  return html`<section aria-labelledby="try-title"><div class="side-head"><h2 id="try-title">${t("try.title")}</h2>
      ${drafted && html`<span class="segments" role="group" aria-label=${t("try.rules")}>${/** @type {const} */ (["live", "draft"]).map((one) => html`<button type="button" key=${one} aria-pressed=${String(which === one)} onClick=${() => setWhich(one)}>${t(`try.${one}`)}</button>`)}</span>`}</div>
    ${
      by === "message"
        ? html`${mail && html`<input type="text" class="try-subject" aria-label=${t("try.subject")} placeholder=${t("try.subject")} value=${subject} onInput=${(/** @type {any} */ event) => setSubject(event.target.value)} />`}
          <textarea class="try" rows="3" maxlength="20000" aria-label=${t("try.text")} placeholder=${t("try.placeholder")} value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)}></textarea>
          <p class="try-how"><span>${t("try.channel")}</span> <${Select} value=${channel} aria-label=${t("try.channel")} change=${setChannel} options=${named} /> <span>${t("try.new_customer")} ·</span> <button type="button" class="more" onClick=${() => setBy("conversation")}>${t("try.pick")}</button></p>`
        : html`<input type="text" inputmode="numeric" class="try-subject" aria-label=${t("try.number")} placeholder=${t("try.number")} value=${number} onInput=${(/** @type {any} */ event) => setNumber(event.target.value)} />
          <p class="try-how"><button type="button" class="more" onClick=${() => setBy("message")}>${t("try.write")}</button></p>`
    }
    <div class="try-result" aria-live="polite">
      ${ready && problem?.code === "rules_faulty" && html`<p class="muted">${t("check.faulty")}</p>`}
      ${ready && problem && problem.code !== "rules_faulty" && html`<p class="notice bad"><${Icon} name="error" small />${problemWords(problem)}</p>`}
      ${ready && trial ? html`<${Result} trial=${trial} live=${used === "live"} />` : !problem && html`<p class="muted">${t("try.waiting_words")}</p>`}
    </div></section>`;
}

/**
 * Tries again a moment after the last change of what is asked, or of the rules as the hub has them.
 * @param {string} asked the body; empty: nothing yet
 */
function useTrial(asked) {
  const [found, setFound] = useState(
    /** @type {{ trial: Trial | null, problem: import("../api.js").Problem | null }} */ ({
      trial: null,
      problem: null,
    }),
  );
  const version = kept.value;
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
  }, [asked, version]);
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
    ${trial.held_by && html`<p class="muted">${t("try.held_by", { name: trial.held_by.name })}</p>`}</div>`;
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
