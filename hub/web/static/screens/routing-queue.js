/** @import { QueueCheck as Found } from "../types.js" */
import { api, asProblem } from "../api.js";
import { Button } from "../components/button.js";
import { Icon } from "../components/icon.js";
import { listed, momentOf, number, problemWords, span, t } from "../i18n.js";
import { now } from "../models/clock.js";
import { changes, checked, flush, keeping, kept } from "../models/rulebook.js";
import { skillWords } from "../models/why.js";
import { inboxPath } from "../router.js";
import { html, useEffect, useState } from "../ui.js";

const AFTER_MS = 1200;
const CHANGES_SHOWN = 8;

/** What the draft would do with everything that waits now, beside the live rules. */
export function QueueCheck() {
  const [found, setFound] = useState(/** @type {Found | null} */ (null));
  const [problem, setProblem] = useState(/** @type {import("../api.js").Problem | null} */ (null));
  const [busy, setBusy] = useState(false);
  const drafted = changes.value.length > 0;
  const version = kept.value;
  const faulty = drafted && checked.value.faults.length > 0;
  const check = async () => {
    setBusy(true);
    try {
      await flush();
      setFound(await api.checkQueue());
      setProblem(null);
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  useEffect(() => {
    if (faulty) return;
    const soon = setTimeout(() => keeping.peek() === "kept" && check(), AFTER_MS);
    return () => clearTimeout(soon);
  }, [version, drafted, faulty]);
  return html`<section aria-labelledby="check-title"><div class="side-head"><h2 id="check-title">${t(drafted ? "check.title" : "check.title.live")}</h2>
      ${!faulty && html`<${Button} small kind=${found ? "quiet" : "plain"} icon="refresh" busy=${busy} onClick=${check}>${t(found ? "check.again" : "check.go")}</${Button}>`}</div>
    ${faulty && html`<p class="muted">${t("check.faulty")}</p>`}
    ${!faulty && problem && html`<p class="notice bad" role="alert"><${Icon} name="error" small />${problemWords(problem)}</p>`}
    ${!faulty && !found && !problem && html`<p class="muted">${t(drafted ? "check.text" : "check.text.live")}</p>`}
    ${!faulty && found && found.waiting === 0 && html`<p class="muted">${t("check.none")}</p>`}
    ${!faulty && found && found.waiting > 0 && html`<${Figures} found=${found} drafted=${drafted} /><${Missing} found=${found} />${drafted && html`<${Moves} found=${found} />`}`}</section>`;
}

/** @param {{ found: Found, drafted: boolean }} props */
function Figures({ found, drafted }) {
  const { live, draft } = found;
  const better = draft.nobody < live.nobody ? "better" : draft.nobody > live.nobody ? "worse" : "";
  const rows = [
    { words: "check.waiting", live: found.waiting, draft: found.waiting, tone: "" },
    {
      words: "check.at_once",
      live: live.at_once,
      draft: draft.at_once,
      tone: draft.at_once > live.at_once ? "better" : draft.at_once < live.at_once ? "worse" : "",
    },
    ...(drafted ? [{ words: "check.different", live: null, draft: found.different, tone: "" }] : []),
    { words: "check.nobody", live: live.nobody, draft: draft.nobody, tone: better, waits: true },
  ];
  return html`<table class="figures"><thead><tr><td></td><th scope="col">${t("try.live")}</th>${drafted && html`<th scope="col">${t("try.draft")}</th>`}</tr></thead>
    <tbody>${rows.map(
      (row) => html`<tr key=${row.words}><th scope="row">${t(row.words)}</th>
      <td class=${"waits" in row && row.live ? "missed" : ""}>${row.live === null ? "–" : number(row.live)}</td>${drafted && html`<td class=${row.tone}>${number(row.draft)}</td>`}</tr>`,
    )}</tbody></table>
    ${found.checked < found.waiting && html`<p class="muted">${t("check.checked", { count: found.checked })}</p>`}`;
}

/** Skills that somebody waits for. @param {{ found: Found }} props */
function Missing({ found }) {
  return html`${found.missing.map((one) => {
    const skill = skillWords({ id: one.skill, name: one.name, level: one.level });
    const time = span(Math.max(0, now() - Date.parse(one.longest_since)));
    return html`<p class="missing" key=${`${one.skill}:${one.level}`}>${t("check.missing", { skill, count: t("check.missing.count", { count: one.conversations }), time })} ${holders(one)}</p>`;
  })}`;
}

/** Who has it and is not here. @param {Found["missing"][number]} one */
function holders({ agents }) {
  const [first] = agents;
  if (!first) return t("check.missing.nobody");
  if (agents.length > 1) return t("check.missing.has", { names: listed(agents.slice(0, 4).map(({ name }) => name)) });
  return first.until
    ? t("check.missing.until", { name: first.name, time: momentOf(first.until, now()) })
    : t("check.missing.away", { name: first.name });
}

/** Conversations that would go elsewhere. @param {{ found: Found }} props */
function Moves({ found }) {
  if (!found.changes.length) return null;
  /** @param {{ name: string } | null} who */
  const nameOf = (who) => who?.name ?? t("check.change.nobody");
  return html`<h3>${t("check.changes")}</h3><ul class="moves">${found.changes.slice(0, CHANGES_SHOWN).map(
    (
      one,
    ) => html`<li key=${one.conversation.id}><a href=${inboxPath("all", one.conversation.number)} title=${one.conversation.text}>${one.conversation.customer.name || t("customer.nameless")}</a>
      <span>${t("check.change", { from: nameOf(one.live), to: nameOf(one.draft) })}</span></li>`,
  )}</ul>`;
}
