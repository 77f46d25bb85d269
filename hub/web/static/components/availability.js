/** @import { Agent, Availability } from "../types.js" */
import { t } from "../i18n.js";
import { agentOf, beFor, deskWords, REASONS, STATES, stateTone, stateWords } from "../models/availability.js";
import { beat, now } from "../models/clock.js";
import { standing, switchNotices } from "../models/notices.js";
import { toast } from "../models/toasts.js";
import { html, useState } from "../ui.js";
import { Button } from "./button.js";
import { Chip } from "./chip.js";
import { Dialog } from "./dialog.js";

const MINUTE_MS = 60_000;
const LENGTHS = [15, 30, 60];
/** @type {Readonly<Record<Availability, string>>} */
export const STATE_ICONS = { available: "check", busy: "minus", away: "coffee", offline: "power" };

/** Where somebody is, in a word and a colour. @param {{ agent: Agent }} props */
export function StateChip({ agent }) {
  const words = deskWords(agent, beat.value);
  return html`<${Chip} tone=${stateTone(agent)} icon=${agent.availability === "away" ? "coffee" : undefined} title=${words}>${words}</${Chip}>`;
}

/**
 * The four states for a menu; being away is asked about first.
 * @param {Agent} agent
 * @param {() => void} askAway
 */
export function stateItems(agent, askAway) {
  return STATES.map((state) => ({
    words:
      state === "away" && agent.availability === "away" ? stateWords(agent, now()) : t(`availability.${state}.set`),
    more: t(`availability.${state}.more`),
    icon: STATE_ICONS[state],
    checked: agent.availability === state,
    closes: true,
    run: () => {
      if (state === "away") askAway();
      else if (state !== agent.availability) beFor(agent.id, { availability: state });
    },
  }));
}

/** Whether to be told while another window is in front; nothing where the browser cannot. */
export function noticeItems() {
  const now = standing.value;
  if (now === "none") return [];
  return [
    {
      words: t("notices.set"),
      more: t(`notices.${now}`),
      icon: "bell",
      checked: now === "on",
      kind: /** @type {const} */ ("checkbox"),
      run: switchNotices,
    },
  ];
}

/**
 * Why one is away, and until when.
 * @param {{ agent: { id: string, name: string }, mine: boolean, close: () => void }} props
 */
export function AwayDialog({ agent, mine, close }) {
  const [reason, setReason] = useState("lunch");
  const [own, setOwn] = useState("");
  const [length, setLength] = useState(/** @type {number | "time" | "open"} */ (60));
  const [time, setTime] = useState(() => clockIn(60));
  const [busy, setBusy] = useState(false);
  /** @param {SubmitEvent} event */
  const save = async (event) => {
    event.preventDefault();
    setBusy(true);
    const why = reason === "own" ? own.trim() || null : reason;
    const done = await beFor(agent.id, { availability: "away", reason: why, until: end(length, time) });
    setBusy(false);
    if (!done) return;
    close();
    const now = agentOf(agent.id);
    if (now) toast(t(mine ? "away.done" : "away.done.for", { name: agent.name, state: stateWords(now, beat.value) }));
  };
  const title = mine ? t("away.title") : t("away.title.for", { name: agent.name });
  return html`<${Dialog} title=${title} close=${close}><form class="stack away" onSubmit=${save}>
    <fieldset><legend>${t("away.why")}</legend><div class="picks">
      ${REASONS.map((one) => html`<${Pick} key=${one} name="why" value=${one} chosen=${reason} choose=${setReason} words=${t(`away.${one}`)} />`)}
      <${Pick} name="why" value="own" chosen=${reason} choose=${setReason} words=${t("away.own")} />
      <${Reserved} shown=${reason === "own"} type="text" label=${t("away.own.label")} value=${own} change=${setOwn} maxlength="80" autocomplete="off" /></div></fieldset>
    <fieldset><legend>${t("away.until")}</legend><div class="picks">
      ${LENGTHS.map((one) => html`<${Pick} key=${one} name="until" value=${one} chosen=${length} choose=${setLength} words=${t("time.minutes", { count: one })} />`)}
      <${Pick} name="until" value="time" chosen=${length} choose=${setLength} words=${t("away.at_time")} />
      <${Pick} name="until" value="open" chosen=${length} choose=${setLength} words=${t("away.open_end")} />
      <${Reserved} shown=${length === "time"} type="time" label=${t("away.time.label")} value=${time} change=${setTime} required /></div></fieldset>
    <div class="buttons end"><${Button} kind="quiet" onClick=${close}>${t("cancel")}</${Button}><${Button} kind="primary" type="submit" busy=${busy} data-first>${t("away.go")}</${Button}></div>
  </form></${Dialog}>`;
}

/**
 * A field whose place is kept while it is not asked for: nothing jumps under the pointer.
 * @param {{ shown: boolean, label: string, change: (value: string) => void, [attribute: string]: any }} props
 */
function Reserved({ shown, label, change, ...attributes }) {
  const time = attributes.type === "time";
  return html`<label class="reserved" data-shown=${shown ? "" : undefined}><span class=${time ? "" : "unseen"}>${label}</span>
    <input ...${attributes} placeholder=${time ? undefined : label} disabled=${!shown} onInput=${(/** @type {any} */ event) => change(event.target.value)} /></label>`;
}

/** @param {{ name: string, value: any, chosen: any, choose: (value: any) => void, words: string }} props */
function Pick({ name, value, chosen, choose, words }) {
  return html`<label class="pick"><input type="radio" name=${name} checked=${value === chosen} onChange=${() => choose(value)} /><span>${words}</span></label>`;
}

/** The next time the clock shows this. @param {number | "time" | "open"} length @param {string} time */
function end(length, time) {
  if (length === "open") return null;
  if (length !== "time") return new Date(now() + length * MINUTE_MS).toISOString();
  const [hours, minutes] = time.split(":").map(Number);
  const then = new Date(now());
  then.setHours(hours, minutes, 0, 0);
  if (then.getTime() <= now()) then.setDate(then.getDate() + 1);
  return then.toISOString();
}

/** What the clock shows in so many minutes, on the quarter. @param {number} minutes */
function clockIn(minutes) {
  const quarter = 15 * MINUTE_MS;
  const then = new Date(Math.ceil((now() + minutes * MINUTE_MS) / quarter) * quarter);
  return `${String(then.getHours()).padStart(2, "0")}:${String(then.getMinutes()).padStart(2, "0")}`;
}
