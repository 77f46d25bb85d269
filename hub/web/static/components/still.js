import { settle } from "../models/board.js";
import { useRef, useState } from "../ui.js";

/**
 * The rows as they are to be drawn, and what the element around them needs: nothing moves while the pointer is on it or
 * the keyboard within.
 * @template {{ id: string }} T
 * @param {readonly T[]} fresh
 */
export function useStill(fresh) {
  const shown = useRef(/** @type {(T & { gone?: boolean })[]} */ ([]));
  const [still, setStill] = useState(false);
  const rows = settle(shown.current, fresh, still);
  shown.current = rows;
  const holds = {
    onPointerEnter: () => setStill(true),
    onPointerLeave: (/** @type {any} */ event) => setStill(event.currentTarget.contains(document.activeElement)),
    onFocusIn: () => setStill(true),
    onFocusOut: (/** @type {any} */ event) => setStill(event.currentTarget.matches(":hover")),
  };
  return { rows, holds };
}
