import { t } from "../i18n.js";
import { html } from "../ui.js";

/** Beyond this many a unit is too small to be seen: the bar is drawn as one. */
const MOST_DRAWN = 20;

/**
 * How much of what somebody can hold is in use, unit by unit; marigold when it is full, red beyond.
 * @param {{ used: number, capacity: number, label?: string, off?: boolean }} props off: they take nothing now
 */
export function Units({ used, capacity, label, off }) {
  const tone = used > capacity ? "over" : used >= capacity ? "full" : "";
  if (capacity === 0) return html`<small class="by-hand" title=${label}>${t("teams.by_hand")}</small>`;
  const words = label ?? t("units.label", { used, capacity });
  const names = ["units", tone, off && "off"].filter(Boolean).join(" ");
  const drawn = Math.max(capacity, used);
  if (drawn > MOST_DRAWN) {
    const share = Math.round((100 * used) / drawn);
    return html`<span class=${`${names} whole`} role="img" aria-label=${words} title=${words}><i style=${{ width: `${share}%` }}></i></span>`;
  }
  return html`<span class=${names} role="img" aria-label=${words} title=${words}>
    ${Array.from({ length: drawn }, (_, i) => html`<i key=${i} class=${i >= capacity ? "beyond" : i < used ? "on" : ""}></i>`)}</span>`;
}
