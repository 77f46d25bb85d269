// Words, numbers and times in the reader's language. Every visible word is in locales/*.json.
/** @import { Language } from "./types.js" */
import { keepWord, recallWord } from "./models/memory.js";
import { computed, signal } from "./vendor/signals.js";

/** @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>>} Words */

/** @type {readonly { code: Language, name: string }[]} */
export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "pt-BR", name: "Português (Brasil)" },
];

/** @type {import("./vendor/signals.js").Signal<Record<string, Words>>} */
const catalogue = signal({});
/** @type {import("./vendor/signals.js").Signal<Language>} */
export const language = signal(/** @type {Language} */ ("en"));

/** The language that was chosen here before, else the browser's. @returns {Language} */
export function preferredLanguage() {
  const kept = recallWord("language");
  if (kept === "en" || kept === "pt-BR") return kept;
  return navigator.languages.some((one) => one.toLowerCase().startsWith("pt")) &&
    !navigator.languages[0].toLowerCase().startsWith("en")
    ? "pt-BR"
    : "en";
}

/** @param {Language} code */
export async function speak(code) {
  if (code === language.peek() && Object.keys(catalogue.peek()).length) return;
  const response = await fetch(new URL(`./locales/${code}.json`, import.meta.url));
  catalogue.value = await response.json();
  language.value = code;
  document.documentElement.lang = code;
  keepWord("language", code);
}

/**
 * The words of `key` with `{params}` filled in; `count` chooses the plural form.
 * @param {string} key
 * @param {Record<string, unknown>} [params]
 */
export function t(key, params = {}) {
  return pattern(key, params).replace(/\{(\w+)\}/g, (_whole, name) => wordOf(params[name]));
}

/**
 * The same as parts, so that a part may be a component: `tx("event.took.agent", { actor: html`<b>Ana</b>` })`.
 * @param {string} key
 * @param {Record<string, unknown>} params
 * @returns {unknown[]}
 */
export function tx(key, params) {
  return pattern(key, params)
    .split(/\{(\w+)\}/)
    .map((part, i) => (i % 2 ? (typeof params[part] === "object" ? params[part] : wordOf(params[part])) : part));
}

/** @param {string} key */
export const has = (key) => key in catalogue.value;

/**
 * What went wrong, in words.
 * @param {{ code: string, params?: Record<string, unknown>, detail?: string }} problem
 */
export function problemWords(problem) {
  const key = `problem.${problem.code}`;
  const { number: name, ...params } = problem.params ?? {};
  if (has(key)) return t(key, { ...params, number: name === undefined ? "" : String(name) });
  return problem.detail || t("problem.unknown");
}

/**
 * What is wrong with one field, if it is.
 * @param {{ fields: { field: string, code: string }[] } | null} problem
 * @param {string} field also the fields within it
 */
export function faultWords(problem, field) {
  const fault = problem?.fields.find((one) => one.field === field || one.field.startsWith(`${field}.`));
  if (!fault) return null;
  return t(has(`fault.${fault.code}`) ? `fault.${fault.code}` : "fault.other");
}

/** @param {string} key @param {Record<string, unknown>} params */
function pattern(key, params) {
  const words = catalogue.value[key];
  if (words === undefined) return key;
  if (typeof words === "string") return words;
  const form = plural.value.select(Number(params.count ?? 0));
  return words[form] ?? words.other ?? key;
}

/** @param {unknown} value */
function wordOf(value) {
  if (typeof value === "number") return number(value);
  return value === undefined || value === null ? "" : String(value);
}

const plural = computed(() => new Intl.PluralRules(language.value));
const numbers = computed(() => new Intl.NumberFormat(language.value));
const clockTime = computed(() => new Intl.DateTimeFormat(language.value, { hour: "numeric", minute: "2-digit" }));
const fullTime = computed(() => new Intl.DateTimeFormat(language.value, { dateStyle: "full", timeStyle: "short" }));
const weekday = computed(
  () => new Intl.DateTimeFormat(language.value, { weekday: "long", day: "numeric", month: "long" }),
);
const dayName = computed(() => new Intl.DateTimeFormat(language.value, { weekday: "long" }));
const longDay = computed(() => new Intl.DateTimeFormat(language.value, { dateStyle: "long" }));
const shortDay = computed(() => new Intl.DateTimeFormat(language.value, { day: "numeric", month: "short" }));
const shortMonth = computed(() => new Intl.DateTimeFormat(language.value, { month: "short", year: "numeric" }));
const relative = computed(() => new Intl.RelativeTimeFormat(language.value, { numeric: "auto", style: "narrow" }));
const lists = computed(() => new Intl.ListFormat(language.value, { type: "conjunction" }));
const alternatives = computed(() => new Intl.ListFormat(language.value, { type: "disjunction" }));
const countries = computed(() => new Intl.DisplayNames(language.value, { type: "language" }));
const order = computed(() => new Intl.Collator(language.value, { sensitivity: "base", numeric: true }));

/** @param {number} value */
export const number = (value) => numbers.value.format(value);
/** @param {string[]} words */
export const listed = (words) => lists.value.format(words);
/** @param {string[]} words */
export const listedOr = (words) => alternatives.value.format(words);
/** @param {string} a @param {string} b */
export const compare = (a, b) => order.value.compare(a, b);
/** 9:41 @param {string | number} at */
export const timeOf = (at) => clockTime.value.format(new Date(at));
/** Sunday, 22 November 2026 at 09:41 @param {string | number} at */
export const fullTimeOf = (at) => fullTime.value.format(new Date(at));

/**
 * Whether `word` says what `text` begins with or holds, whatever its accents and case.
 * @param {string} text
 * @param {string} word
 */
export function matches(text, word) {
  return plain(text).includes(plain(word));
}

/** @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[_/]/g, " ");
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long ago, short: now, 6 min ago, yesterday, 12 Nov.
 * @param {string} at
 * @param {number} now
 */
export function ago(at, now) {
  const then = Date.parse(at);
  const past = Math.max(0, now - then);
  if (past < MINUTE) return t("time.now");
  if (past < HOUR) return short(-Math.floor(past / MINUTE), "minute");
  const days = daysBetween(then, now);
  if (days === 0 || past < 6 * HOUR) return short(-Math.floor(past / HOUR), "hour");
  if (days < 7) return short(-days, "day");
  return dayShort(at, now);
}

/** @param {number} count @param {Intl.RelativeTimeFormatUnit} unit */
function short(count, unit) {
  return relative.value.format(count, unit).replace(/\.$/, "");
}

/**
 * 12 Nov, or May 2023 when it is longer ago than a year.
 * @param {string} at
 * @param {number} now
 */
export function dayShort(at, now) {
  const date = new Date(at);
  return now - date.getTime() > 300 * DAY ? shortMonth.value.format(date) : shortDay.value.format(date);
}

/**
 * The mark between two days: Today, Yesterday, Tuesday 17 November.
 * @param {string} at
 * @param {number} now
 */
export function dayMark(at, now) {
  const then = Date.parse(at);
  const days = daysBetween(then, now);
  if (days <= 0) return t("time.today");
  if (days === 1) return t("time.yesterday");
  return days < 300 ? weekday.value.format(then) : longDay.value.format(then);
}

/** Which calendar day, for telling two apart. @param {string | number} at */
export const dayOf = (at) => new Date(at).toDateString();

/**
 * A length of time in the two largest words that matter: 40 s, 6 min, 1 h 20 min, 3 d.
 * @param {number} ms
 */
export function span(ms) {
  if (ms < MINUTE) return t("time.under_minute");
  const minutes = Math.floor(ms / MINUTE);
  if (minutes < 60) return t("time.minutes", { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    const rest = minutes % 60;
    return rest && hours < 6 ? t("time.hours_minutes", { hours, minutes: rest }) : t("time.hours", { count: hours });
  }
  return t("time.days", { count: Math.floor(hours / 24) });
}

/** While it runs: 0:31, 14:02; from an hour on as `span`. @param {number} ms */
export function stopwatch(ms) {
  if (ms >= HOUR) return span(ms);
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * @param {number} minor in minor units of the currency
 * @param {string} currency ISO 4217
 * @param {{ round?: boolean }} [how]
 */
export function money(minor, currency, { round = false } = {}) {
  try {
    const whole = new Intl.NumberFormat(language.value, { style: "currency", currency });
    const amount = minor / 10 ** (whole.resolvedOptions().maximumFractionDigits ?? 2);
    if (!round || Math.abs(amount) < 1000) return whole.format(amount);
    return new Intl.NumberFormat(language.value, { style: "currency", currency, maximumFractionDigits: 0 }).format(
      amount,
    );
  } catch {
    return `${currency} ${number(minor / 100)}`;
  }
}

/** @param {number} bytes */
export function fileSize(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  return new Intl.NumberFormat(language.value, {
    style: "unit",
    unit: units[step],
    unitDisplay: "short",
    maximumFractionDigits: step > 1 ? 1 : 0,
  }).format(bytes / 1000 ** step);
}

/** The language's own name in the reader's words. @param {string} locale */
export function languageName(locale) {
  try {
    return countries.value.of(locale.split("-")[0]) ?? locale;
  } catch {
    return locale;
  }
}

/** As it stands at the head of a list: Espanhol, which in a sentence is espanhol. @param {string} words */
export function asEntry(words) {
  const [first = "", ...rest] = words;
  return first.toLocaleUpperCase(language.value) + rest.join("");
}

/**
 * A time to come: 14:05, tomorrow at 9:00, Monday at 9:00.
 * @param {string} at
 * @param {number} now
 * @param {boolean} [full] "at 14:05" rather than "14:05"
 */
export function momentOf(at, now, full = false) {
  const then = Date.parse(at);
  const time = timeOf(then);
  const days = daysBetween(now, then);
  if (days <= 0) return full ? t("time.at", { time }) : time;
  if (days === 1) return t("time.tomorrow_at", { time });
  const day = days < 7 ? dayName.value.format(then) : shortDay.value.format(then);
  return t("time.day_at", { day, time });
}

/** A time of the wall clock, wherever that hangs. @param {number} minutes since midnight */
export function wallTime(minutes) {
  return new Intl.DateTimeFormat(language.value, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(
    (minutes % 1440) * MINUTE,
  );
}

/** Monday; or 2 March. @param {string} date @param {boolean} near */
export function wallDay(date, near) {
  const at = Date.parse(`${date}T12:00:00Z`);
  const how = near
    ? /** @type {const} */ ({ weekday: "long" })
    : /** @type {const} */ ({ day: "numeric", month: "long" });
  return new Intl.DateTimeFormat(language.value, { ...how, timeZone: "UTC" }).format(at);
}

/** From Monday on. */
export function dayNames() {
  const named = new Intl.DateTimeFormat(language.value, { weekday: "long", timeZone: "UTC" });
  return Array.from({ length: 7 }, (_, i) => named.format(Date.UTC(2024, 0, 1 + i)));
}

/** @param {string} zone @param {number} now */
export function timeIn(zone, now) {
  try {
    return new Intl.DateTimeFormat(language.value, { hour: "numeric", minute: "2-digit", timeZone: zone }).format(now);
  } catch {
    return "";
  }
}

/** @param {number} a @param {number} b */
function daysBetween(a, b) {
  const from = new Date(a).setHours(0, 0, 0, 0);
  const to = new Date(b).setHours(0, 0, 0, 0);
  return Math.round((to - from) / DAY);
}
