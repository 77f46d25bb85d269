import { useEffect, useRef, useState } from "../ui.js";

const NEAR_EDGE = 60;
const STEP = 14;

/**
 * Rows that are pulled to another place by their grip, or moved there by its arrow keys. Escape lets go.
 * @param {{ current: HTMLElement | null }} list whose children with `data-rule` are the rows
 * @param {(from: number, to: number) => void} move
 */
export function useDrag(list, move) {
  const [from, setFrom] = useState(/** @type {number | null} */ (null));
  const [to, setTo] = useState(/** @type {number | null} */ (null));
  const focus = useRef(/** @type {string | null} */ (null));
  const rows = () => /** @type {HTMLElement[]} */ ([...(list.current?.querySelectorAll("[data-rule]") ?? [])]);

  useEffect(() => {
    // The row that was moved by a key keeps the focus wherever it stands now.
    if (focus.current === null) return;
    const row = rows().find((one) => one.dataset.rule === focus.current);
    focus.current = null;
    /** @type {HTMLElement | null | undefined} */ (row?.querySelector(".grip"))?.focus();
  });

  const letGo = () => {
    setFrom(null);
    setTo(null);
  };
  /** @param {PointerEvent} event */
  const pull = (event) => {
    if (from === null) return;
    scrollAlong(list.current, event.clientY);
    setTo(rows().filter((row) => middle(row) < event.clientY).length);
  };
  const drop = () => {
    if (from !== null && to !== null) move(from, to > from ? to - 1 : to);
    letGo();
  };

  /** The attributes of a row's grip. @param {number} place @param {number} count */
  const grip = (place, count) => ({
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      if (event.button) return;
      /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
      setFrom(place);
    },
    onPointerMove: pull,
    onPointerUp: drop,
    onPointerCancel: letGo,
    onKeyDown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && from !== null) return letGo();
      const target = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: count - 1 }[event.key];
      if (target === undefined) return;
      event.preventDefault();
      focus.current = rows()[place]?.dataset.rule ?? null;
      move(place, target);
    },
  });
  const moves = from !== null && to !== null && to !== from && to !== from + 1;
  return { grip, from, line: moves ? lineAt(rows(), to) : null };
}

/** @param {HTMLElement} row */
function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

/** Between two rows, from the top of the list. @param {HTMLElement[]} rows @param {number} place */
function lineAt(rows, place) {
  const row = rows[place];
  const last = rows[rows.length - 1];
  return row ? row.offsetTop - 5 : last.offsetTop + last.offsetHeight + 3;
}

/** @param {HTMLElement | null} list @param {number} y */
function scrollAlong(list, y) {
  const box = list?.closest(".routing-main");
  if (!box) return;
  const { top, bottom } = box.getBoundingClientRect();
  if (y < top + NEAR_EDGE) box.scrollTop -= STEP;
  if (y > bottom - NEAR_EDGE) box.scrollTop += STEP;
}
