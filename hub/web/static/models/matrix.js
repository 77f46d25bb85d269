// Agents × skills: what a key or a click makes of a level, and where the next cell is.

export const HIGHEST = 5;

/**
 * The level after a key; null: the key is not about levels.
 * @param {string} key
 * @param {number} level
 */
export function levelAfter(key, level) {
  if (/^[0-5]$/.test(key)) return Number(key);
  if (key === "+" || key === "=") return Math.min(HIGHEST, level + 1);
  if (key === "-") return Math.max(0, level - 1);
  if (key === "Delete" || key === "Backspace") return 0;
  if (key === "Enter" || key === " ") return (level + 1) % (HIGHEST + 1);
  return null;
}

/** Pressing the bar that is the level takes it away. @param {number} bar from 1 @param {number} level */
export const levelPressed = (bar, level) => (bar === level ? 0 : bar);

/** @type {Readonly<Record<string, [number, number]>>} */
const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

/**
 * The cell a key leads to; null: it leads nowhere.
 * @param {string} key
 * @param {{ row: number, column: number }} at
 * @param {{ rows: number, columns: number }} size
 */
export function cellAfter(key, at, { rows, columns }) {
  if (key === "Home") return { row: at.row, column: 0 };
  if (key === "End") return { row: at.row, column: columns - 1 };
  const step = STEPS[key];
  if (!step) return null;
  const row = Math.max(0, Math.min(rows - 1, at.row + step[0]));
  const column = Math.max(0, Math.min(columns - 1, at.column + step[1]));
  return { row, column };
}

/** A skill that somebody has no longer is not kept at 0. @param {Record<string, number>} skills @param {string} skill @param {number} level */
export function withLevel(skills, skill, level) {
  const { [skill]: _before, ...others } = skills;
  return level > 0 ? { ...others, [skill]: level } : others;
}
