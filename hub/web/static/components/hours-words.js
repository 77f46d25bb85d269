/** @import { HoursView } from "../types.js" */
import { t, wallDay, wallTime } from "../i18n.js";
import { beat } from "../models/clock.js";
import { later, standing, wall } from "../models/hours.js";
import { html } from "../ui.js";
import { Chip } from "./chip.js";

/** What opening hours mean now: open now, closes at 18:00. @param {{ hours: HoursView }} props */
export function Standing({ hours }) {
  const now = beat.value;
  const { open, change, holiday } = standing(hours, now);
  const words = [t(open ? "hours.open_now" : "hours.closed_now"), change && changeWords(hours, change, open, now)];
  return html`<span class="standing"><${Chip} tone=${open ? "green" : ""} icon=${open ? "check" : "moon"} title=${holiday}>${words.filter(Boolean).join(", ")}</${Chip}>
    ${holiday && html`<small>${holiday}</small>`}</span>`;
}

/** @param {HoursView} hours @param {{ days: number, minutes: number }} change @param {boolean} open @param {number} now */
function changeWords(hours, { days, minutes }, open, now) {
  const time = wallTime(minutes);
  const verb = open ? "hours.closes" : "hours.opens";
  if (days === 0) return t(`${verb}.today`, { time });
  if (days === 1) return t(`${verb}.tomorrow`, { time });
  return t(`${verb}.day`, { time, day: wallDay(later(wall(now, hours.time_zone).date, days), days < 7) });
}
