// How routing's numbers are counted for people: the hub keeps seconds, people say minutes.

/**
 * @typedef {object} Measure
 * @property {number} per how many of the hub's make one of these
 * @property {number} least
 * @property {number} most
 * @property {string} unit the key of its words
 */

const MINUTE = 60;
/** What a setting is counted in. @type {Readonly<Record<string, string>>} */
const UNITS = {
  priority: "of",
  minutes_per_step: "min",
  offer_s: "s",
  ask_again_s: "min",
  rescue_s: "min",
  flood: "a_minute",
  sticky_days: "d",
  wait_s: "s",
  idle_s: "min",
  weights: "units",
};

/**
 * How this setting is shown and what it may be. Seconds that make no whole minutes stay seconds.
 * @param {string} name
 * @param {number} value as the hub has it
 * @param {{ least: number, most: number }} limits as the hub has them
 * @returns {Measure}
 */
export function measureOf(name, value, { least, most }) {
  const seconds = name.endsWith("_s");
  const minutes = seconds && UNITS[name] === "min" && value % MINUTE === 0;
  const per = minutes ? MINUTE : 1;
  const unit = seconds && !minutes ? "s" : UNITS[name];
  return { per, least: Math.ceil(least / per), most: Math.floor(most / per), unit: `routing.settings.unit.${unit}` };
}
