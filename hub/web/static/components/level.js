import { t } from "../i18n.js";
import { html } from "../ui.js";

export const HIGHEST = 5;
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/** What a level is, in words: works alone. None for 0. @param {number} level */
export const levelWords = (level) => (level ? t(`level.${level}`) : "");

/** What each level means, in one line. */
export function LevelLegend() {
  return html`<ol class="level-legend" aria-label=${t("level.legend")}>
    ${Array.from({ length: HIGHEST }, (_, i) => html`<li key=${i} value=${i + 1}><b>${i + 1}</b> ${levelWords(i + 1)}</li>`)}</ol>`;
}

/**
 * A level from 1 to 5 as bars: pressed or pulled with the pointer, moved with the arrows or typed as a digit.
 * @param {{ level: number, change: (level: number) => void, label: string }} props
 */
export function Level({ level, change, label }) {
  /** @param {number} to */
  const set = (to) => {
    const next = Math.max(1, Math.min(HIGHEST, to));
    if (next !== level) change(next);
  };
  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    const to =
      event.key in STEPS
        ? level + STEPS[/** @type {keyof typeof STEPS} */ (event.key)]
        : { Home: 1, End: HIGHEST }[event.key] || Number(event.key);
    if (!(to >= 0 && to <= HIGHEST + 1)) return;
    event.preventDefault();
    set(to);
  };
  /** @param {PointerEvent} event */
  const pull = (event) => {
    if (event.type === "pointermove" && !event.buttons) return;
    const box = /** @type {HTMLElement} */ (event.currentTarget);
    if (event.type === "pointerdown") box.setPointerCapture(event.pointerId);
    const { left, width } = box.getBoundingClientRect();
    set(Math.ceil(((event.clientX - left) / width) * HIGHEST));
  };
  return html`<span class="level" role="slider" tabindex="0" aria-label=${label} aria-valuemin="1" aria-valuemax=${HIGHEST}
    aria-valuenow=${level} aria-valuetext=${t("rule.skill.level.value", { level, words: levelWords(level) })} title=${`${label}: ${t("rule.skill.level.long", { level, words: levelWords(level) })}`}
    onKeyDown=${keys} onPointerDown=${pull} onPointerMove=${pull}>
    ${Array.from({ length: HIGHEST }, (_, i) => html`<i key=${i} class=${i < level ? "on" : ""}></i>`)}</span>`;
}
