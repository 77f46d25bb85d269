// Opening hours as people say them: what they mean now, and when that changes.
/** @import { HoursView } from "../types.js" */

const DAY_MIN = 1440;
const LOOKS_AHEAD = 14;
const DAY_MS = 86_400_000;

/** @typedef {{ start: number, end: number }} Opening minutes since midnight by the wall clock */

/**
 * What the clock on the wall shows in this time zone.
 * @param {number} at
 * @param {string} zone
 * @returns {{ date: string, minutes: number }}
 */
export function wall(at, zone) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    })
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    minutes: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

/** The date so many days later. @param {string} date @param {number} days */
export function later(date, days) {
  return new Date(Date.parse(`${date}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** "1" is Monday. @param {string} date */
export function weekdayOf(date) {
  return String(new Date(`${date}T12:00:00Z`).getUTCDay() || 7);
}

/** When it is open on this date, in order. @param {HoursView} hours @param {string} date @returns {Opening[]} */
export function openingsOn(hours, date) {
  const holiday = hours.holidays.find((one) => one.date === date);
  const openings = holiday ? holiday.openings : (hours.week[weekdayOf(date)] ?? []);
  return [...openings].sort((a, b) => a.start - b.start);
}

/**
 * Whether it is open now, and when that changes: in how many days, at which minute of that day. None: not within two
 * weeks. `holiday`: the name of today's.
 * @param {HoursView} hours
 * @param {number} now
 * @returns {{ open: boolean, change: { days: number, minutes: number } | null, holiday: string }}
 */
export function standing(hours, now) {
  const { date, minutes } = wall(now, hours.time_zone);
  const holiday = hours.holidays.find((one) => one.date === date)?.name ?? "";
  const current = openingsOn(hours, date).find((one) => one.start <= minutes && minutes < one.end);
  if (!current) return { open: false, change: nextOpening(hours, date, minutes), holiday };
  return { open: true, change: endOf(hours, date, current.end), holiday };
}

/** Open past midnight is one opening. @param {HoursView} hours @param {string} date @param {number} end */
function endOf(hours, date, end) {
  let at = end;
  for (let days = 0; days < LOOKS_AHEAD; days++) {
    const openings = openingsOn(hours, later(date, days));
    for (const one of openings) if (one.start <= at && at < one.end) at = one.end;
    if (at < DAY_MIN) return { days, minutes: at };
    if (openingsOn(hours, later(date, days + 1))[0]?.start !== 0) return { days: days + 1, minutes: 0 };
    at = 0;
  }
  return null;
}

/** @param {HoursView} hours @param {string} date @param {number} minutes */
function nextOpening(hours, date, minutes) {
  for (let days = 0; days <= LOOKS_AHEAD; days++) {
    const next = openingsOn(hours, later(date, days)).find((one) => days > 0 || one.start > minutes);
    if (next) return { days, minutes: next.start };
  }
  return null;
}

/** For a field of the clock: 09:30; the end of the day is 00:00. @param {number} minutes */
export function clockField(minutes) {
  const of = minutes % DAY_MIN;
  return `${String(Math.floor(of / 60)).padStart(2, "0")}:${String(of % 60).padStart(2, "0")}`;
}

/** Of a field of the clock: "09:30". As an end, midnight is the end of the day. @param {string} text @param {boolean} [end] */
export function minutesOf(text, end = false) {
  const [hours, minutes] = text.split(":").map(Number);
  const found = (hours || 0) * 60 + (minutes || 0);
  return end && found === 0 ? DAY_MIN : found;
}
