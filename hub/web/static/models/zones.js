// All time zones there are, with how far from UTC they are now.

/** @param {string} mine */
export function timeZones(mine) {
  const names = Intl.supportedValuesOf("timeZone");
  if (!names.includes(mine)) names.unshift(mine);
  return names.map((id) => ({ id, words: id.replaceAll("_", " ").replaceAll("/", " / "), more: offsetOf(id) }));
}

/** @param {string} timeZone */
function offsetOf(timeZone) {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "shortOffset" }).formatToParts();
  return parts.find((part) => part.type === "timeZoneName")?.value.replace("GMT", "UTC") ?? "";
}
