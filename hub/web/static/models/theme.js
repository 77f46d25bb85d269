// Light, dark, or what the system says; the colours themselves are in css/tokens.css.
/** @import { Theme } from "../types.js" */
import { signal } from "../vendor/signals.js";
import { keepWord, recallWord } from "./memory.js";

/** @type {import("../vendor/signals.js").Signal<Theme>} */
export const theme = signal(/** @type {Theme} */ (recallWord("theme") ?? "system"));

/** @param {Theme} chosen */
export function wear(chosen) {
  theme.value = chosen;
  keepWord("theme", chosen === "system" ? null : chosen);
}
