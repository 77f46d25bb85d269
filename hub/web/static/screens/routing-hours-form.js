/** @import { HoursView } from "../types.js" */
import { api, asProblem } from "../api.js";
import { Button, IconButton } from "../components/button.js";
import { SearchField, TextField } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { dayNames, problemWords, t } from "../i18n.js";
import { now } from "../models/clock.js";
import { clockField, later, minutesOf, wall } from "../models/hours.js";
import { toast } from "../models/toasts.js";
import { timeZones } from "../models/zones.js";
import { html, useMemo, useState } from "../ui.js";

/** @typedef {import("../models/hours.js").Opening} Opening */

const DAYS = ["1", "2", "3", "4", "5", "6", "7"];
const FIRST = { start: 540, end: 1080 };

/**
 * One week and its exceptions, kept here until they are saved.
 * @param {{ hours: HoursView, whole: boolean, reload: () => Promise<void> }} props whole: the company keeps them
 */
export function HoursForm({ hours, whole, reload }) {
  const [draft, setDraft] = useState(hours);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const zones = useMemo(() => timeZones(hours.time_zone), []);
  const changed = JSON.stringify(draft) !== JSON.stringify(hours);
  /** @param {Partial<HoursView>} change */
  const set = (change) => setDraft((before) => ({ ...before, ...change }));
  /** @param {() => Promise<unknown>} act @param {string} [said] */
  const run = async (act, said = t("saved")) => {
    setBusy(true);
    setWrong("");
    try {
      await act();
      await reload();
      toast(said);
    } catch (error) {
      setWrong(problemWords(asProblem(error)));
    }
    setBusy(false);
  };
  const { id, ...given } = draft;
  return html`<div class="card-body hours-form">
    <div class="pair"><${TextField} label=${t("field.name")} value=${draft.name} change=${(/** @type {string} */ name) => set({ name })} maxlength="80" autocomplete="off" />
      <${SearchField} label=${t("field.time_zone")} value=${draft.time_zone} change=${(/** @type {string} */ time_zone) => set({ time_zone })} choices=${zones} placeholder=${t("field.time_zone.find")} /></div>
    <${Week} week=${draft.week} change=${(/** @type {HoursView["week"]} */ week) => set({ week })} />
    <${Holidays} hours=${draft} change=${(/** @type {HoursView["holidays"]} */ holidays) => set({ holidays })} />
    ${wrong && html`<p class="notice bad" role="alert"><${Icon} name="error" small />${wrong}</p>`}
    <div class="buttons">
      <${Button} kind="primary" disabled=${!changed} busy=${busy} onClick=${() => run(() => api.changeHours(id, given))}>${t("save")}</${Button}>
      ${changed && html`<${Button} kind="quiet" onClick=${() => setDraft(hours)}>${t("cancel")}</${Button}>`}<span class="grow"></span>
      ${!changed && html`<${Button} kind="quiet" onClick=${() => run(() => api.changeSettings({ hours: whole ? null : id }))}>${t(whole ? "hours.company.stop" : "hours.company.set")}</${Button}>`}
      ${!changed && html`<${Button} kind="bad" icon="trash" onClick=${() => run(() => api.removeHours(id), t("removed", { name: hours.name }))}>${t("remove")}</${Button}>`}
    </div></div>`;
}

/** @param {{ week: HoursView["week"], change: (week: HoursView["week"]) => void }} props */
function Week({ week, change }) {
  const names = dayNames();
  /** @param {string} day @param {Opening[]} openings */
  const set = (day, openings) => {
    const { [day]: _before, ...others } = week;
    change(openings.length ? { ...others, [day]: openings } : others);
  };
  const copy = () => change({ ...week, ...Object.fromEntries(DAYS.slice(1, 5).map((day) => [day, week["1"] ?? []])) });
  return html`<fieldset class="week"><legend>${t("hours.week")}</legend>
    ${DAYS.map(
      (day, i) => html`<div key=${day} class="day-of"><b>${names[i]}</b>
        <${Openings} openings=${week[day] ?? []} change=${(/** @type {Opening[]} */ openings) => set(day, openings)} name=${names[i]} />
        ${day === "1" && html`<button type="button" class="act" onClick=${copy}>${t("hours.copy")}</button>`}</div>`,
    )}</fieldset>`;
}

/** Pairs of times; none: closed. @param {{ openings: Opening[], change: (openings: Opening[]) => void, name: string }} props */
function Openings({ openings, change, name }) {
  const last = openings.at(-1);
  const next = last ? { start: Math.min(1380, last.end + 60), end: Math.min(1440, last.end + 240) } : FIRST;
  return html`<span class="openings">
    ${!openings.length && html`<span class="muted">${t("hours.closed")}</span>`}
    ${openings.map((one, i) => {
      /** @param {Partial<Opening>} part */
      const set = (part) => change(openings.with(i, { ...one, ...part }));
      return html`<span class="opening-of" key=${i}>
        <input type="time" aria-label=${t("hours.from", { day: name })} value=${clockField(one.start)} onChange=${(/** @type {any} */ event) => event.target.value && set({ start: minutesOf(event.target.value) })} />
        <span aria-hidden="true">–</span><input type="time" aria-label=${t("hours.to", { day: name })} value=${clockField(one.end)} onChange=${(/** @type {any} */ event) => event.target.value && set({ end: minutesOf(event.target.value, true) })} />
        <${IconButton} icon="x" class="small" label=${t("hours.remove_opening", { day: name })} onClick=${() => change(openings.toSpliced(i, 1))} /></span>`;
    })}
    <${IconButton} icon="plus" class="small" label=${t(last ? "hours.break" : "hours.open_on", { day: name })} onClick=${() => change([...openings, next])} /></span>`;
}

/** @param {{ hours: HoursView, change: (holidays: HoursView["holidays"]) => void }} props */
function Holidays({ hours, change }) {
  const { holidays } = hours;
  const add = () => {
    const latest = holidays
      .map((one) => one.date)
      .sort()
      .at(-1);
    const today = wall(now(), hours.time_zone).date;
    change([
      ...holidays,
      { date: later(latest && latest > today ? latest : today, 1), name: t("hours.holiday"), openings: [] },
    ]);
  };
  return html`<fieldset class="holidays"><legend>${t("hours.holidays")}</legend>
    ${!holidays.length && html`<p class="muted">${t("hours.holidays.none")}</p>`}
    ${holidays.map((one, i) => {
      /** @param {Partial<typeof one>} part */
      const set = (part) => change(holidays.with(i, { ...one, ...part }));
      return html`<div key=${i} class="day-of">
        <input type="date" aria-label=${t("hours.date")} value=${one.date} onChange=${(/** @type {any} */ event) => event.target.value && set({ date: event.target.value })} />
        <input type="text" aria-label=${t("hours.holiday.name")} value=${one.name} maxlength="80" onInput=${(/** @type {any} */ event) => set({ name: event.target.value })} />
        <${Openings} openings=${one.openings} change=${(/** @type {Opening[]} */ openings) => set({ openings })} name=${one.name} />
        <${IconButton} icon="trash" class="small" label=${t("hours.remove_holiday", { name: one.name })} onClick=${() => change(holidays.toSpliced(i, 1))} /></div>`;
    })}
    <div><${Button} small icon="plus" onClick=${add}>${t("hours.holiday.add")}</${Button}></div></fieldset>`;
}
