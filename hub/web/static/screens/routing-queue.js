/** @import { Fate, FateView, QueueCheck as Found } from "../types.js" */
import { api, asProblem } from "../api.js";
import { Button } from "../components/button.js";
import { Icon } from "../components/icon.js";
import { listed, momentOf, number, problemWords, span, t } from "../i18n.js";
import { now } from "../models/clock.js";
import { counts } from "../models/inbox.js";
import { changes, checked, flush, keeping, kept } from "../models/rulebook.js";
import { skillWords, waitsChip } from "../models/why.js";
import { inboxPath } from "../router.js";
import { html, useEffect, useId, useRef, useState } from "../ui.js";

const AFTER_MS = 1200;
/** The queue moves on: it is looked at again so often at most. */
const FOLLOW_MS = 3000;
/** More than these are looked at again only when that is asked for. */
const FOLLOWED = 500;
const ROWS_SHOWN = 50;

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
  useFollow(faulty || !found || found.waiting > FOLLOWED ? null : check);
  return html`<section aria-labelledby="check-title"><div class="side-head"><h2 id="check-title">${t(drafted ? "check.title" : "check.title.live")}</h2>
      ${!faulty && html`<${Button} small kind=${found ? "quiet" : "plain"} icon="refresh" busy=${busy && !found} onClick=${check}>${t(found ? "check.again" : "check.go")}</${Button}>`}</div>
    ${faulty && html`<p class="muted">${t("check.faulty")}</p>`}
    ${!faulty && problem && html`<p class="notice bad" role="alert"><${Icon} name="error" small />${problemWords(problem)}</p>`}
    ${!faulty && !found && !problem && html`<p class="muted">${t(drafted ? "check.text" : "check.text.live")}</p>`}
    ${!faulty && found && found.waiting === 0 && html`<p class="muted">${t("check.none")}</p>`}
    ${!faulty && found && found.waiting > 0 && html`<${Figures} found=${found} drafted=${drafted} /><${Missing} found=${found} />`}</section>`;
}

/** Looks again a moment after the queue has changed, as the numbers in the rail do. @param {(() => unknown) | null} check */
function useFollow(check) {
  const latest = useRef(check);
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  const moved = counts.value;
  latest.current = check;
  useEffect(() => {
    if (timer.current) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (document.visibilityState === "visible" && keeping.peek() === "kept") latest.current?.();
    }, FOLLOW_MS);
  }, [moved]);
  useEffect(() => () => clearTimeout(timer.current), []);
}

/** @typedef {{ key: Fate | "different", live: number | null, draft: number }} Figure */

/** Each number opens the conversations behind it. @param {{ found: Found, drafted: boolean }} props */
function Figures({ found, drafted }) {
  const [open, setOpen] = useState(/** @type {Figure["key"] | null} */ (null));
  const { live, draft } = found;
  /** @type {Figure[]} */
  const rows = [
    ...FATES.map((key) => ({ key, live: live[key], draft: draft[key] })),
    ...(drafted ? [{ key: /** @type {const} */ ("different"), live: null, draft: found.different }] : []),
  ];
  const columns = drafted ? 3 : 2;
  return html`<table class="figures"><thead><tr><td></td><th scope="col">${t("try.live")}</th>${drafted && html`<th scope="col">${t("try.draft")}</th>`}</tr></thead>
    <tbody><tr class="all"><th scope="row">${t("check.waiting")}</th><td>${number(found.waiting)}</td>${drafted && html`<td>${number(found.waiting)}</td>`}</tr>
    ${rows.map((row) => html`<${FigureRow} key=${row.key} row=${row} found=${found} drafted=${drafted} columns=${columns} open=${open === row.key} toggle=${() => setOpen(open === row.key ? null : row.key)} />`)}</tbody></table>
    ${found.checked < found.waiting && html`<p class="muted">${t("check.checked", { count: found.checked })}</p>`}`;
}

/** @type {readonly Fate[]} */
const FATES = ["at_once", "waits", "nobody"];

/** @param {{ row: Figure, found: Found, drafted: boolean, columns: number, open: boolean, toggle: () => void }} props */
function FigureRow({ row, found, drafted, columns, open, toggle }) {
  const id = useId();
  const any = (row.live ?? 0) > 0 || row.draft > 0;
  const shown = any && open;
  return html`<tr class=${shown ? "part open" : "part"}><th scope="row">${
    any
      ? html`<button type="button" aria-expanded=${String(open)} aria-controls=${shown ? id : undefined} onClick=${toggle}><${Icon} name="next" small class="turn" />${t(`check.${row.key}`)}</button>`
      : html`<span>${t(`check.${row.key}`)}</span>`
  }</th>
    <td>${row.live === null ? "" : number(row.live)}</td>${drafted && html`<td class=${tone(row)}>${number(row.draft)}</td>`}</tr>
    ${shown && html`<tr class="behind"><td colspan=${columns} id=${id}><${Behind} row=${row} found=${found} drafted=${drafted} /></td></tr>`}`;
}

/** Better or worse than the live rules; nothing where they are as good. @param {Figure} row */
function tone({ key, live, draft }) {
  if (live === null || live === draft || key === "waits" || key === "different") return "";
  return draft > live === (key === "at_once") ? "better" : "worse";
}

/** Whose conversations a number counts, and where they go. @param {{ row: Figure, found: Found, drafted: boolean }} props */
function Behind({ row, found, drafted }) {
  /** @param {Found["rows"][number]} one */
  const counted = ({ live, draft }) =>
    row.key === "different" ? moves({ live, draft }) : live.fate === row.key || (drafted && draft.fate === row.key);
  const all = found.rows.filter(counted);
  return html`<ul class="moves">${all.slice(0, ROWS_SHOWN).map(
    ({ conversation: one, live, draft }) => html`<li key=${one.id}>
      <a href=${inboxPath("all", one.number)} target="_blank" rel="noopener" title=${t("check.open", { number: String(one.number), text: one.text })}>${one.customer.name || t("customer.nameless")}</a>
      <span>${drafted && fateWords(live) !== fateWords(draft) ? t("check.change", { from: fateWords(live), to: fateWords(draft) }) : fateWords(drafted ? draft : live)}</span></li>`,
  )}</ul>
    ${all.length > ROWS_SHOWN && html`<p class="muted">${t("board.more", { count: all.length - ROWS_SHOWN })}</p>`}`;
}

/** To somebody else, or only now to somebody. @param {{ live: FateView, draft: FateView }} one */
const moves = ({ live, draft }) => goesTo(live) !== goesTo(draft);

/** @param {FateView} one */
const goesTo = ({ fate, agent }) => (fate === "at_once" ? (agent?.id ?? null) : null);

/** Ana; or what it still waits for. @param {FateView} one */
function fateWords({ fate, agent, why, lacks }) {
  if (fate === "at_once") return agent?.name ?? t("somebody");
  return waitsChip({ why, lacks, agent }) || t("view.waiting").toLowerCase();
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
