import { html, useEffect, useLayoutEffect, useRef } from "../ui.js";

const GAP = 6;
const FIRST = "input, [role^=menuitem]";

/**
 * What floats beside its anchor, above everything: closed by Escape, by a press elsewhere, by scrolling away.
 * @param {{ anchor: { current: HTMLElement | null }, close: (how: "escape" | "away") => void, side?: "below" | "right" | "above",
 *   align?: "start" | "end", class?: string, children?: any }} props
 */
export function Popover({ anchor, close, side = "below", align = "start", class: more, children }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));

  useLayoutEffect(() => {
    const element = /** @type {HTMLElement} */ (box.current);
    element.showPopover();
    const put = () => anchor.current && place(element, anchor.current.getBoundingClientRect(), side, align);
    put();
    // At once, so that the next key already belongs to what is open.
    /** @type {HTMLElement | null} */ (element.querySelector(FIRST))?.focus({ preventScroll: true });
    addEventListener("resize", put);
    const watch = new ResizeObserver(put);
    watch.observe(element);
    return () => {
      removeEventListener("resize", put);
      watch.disconnect();
    };
  }, []);

  useEffect(() => {
    /** @param {Event} event */
    const away = (event) => {
      const target = /** @type {Node} */ (event.target);
      if (!box.current?.contains(target) && !anchor.current?.contains(target)) close("away");
    };
    document.addEventListener("pointerdown", away, true);
    return () => document.removeEventListener("pointerdown", away, true);
  }, [close]);

  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close("escape");
  };
  return html`<div ref=${box} popover="manual" class=${`menu ${more ?? ""}`} onKeyDown=${keys}>${children}</div>`;
}

/**
 * @param {HTMLElement} element
 * @param {DOMRect} beside
 * @param {"below" | "right" | "above"} side
 * @param {"start" | "end"} align
 */
function place(element, beside, side, align) {
  const { width, height } = element.getBoundingClientRect();
  let left = align === "start" ? beside.left : beside.right - width;
  let top = beside.bottom + GAP;
  if (side === "right") {
    left = beside.right + GAP;
    top = align === "start" ? beside.top : beside.bottom - height;
  }
  const noRoomBelow = side === "below" && top + height > innerHeight - GAP && beside.top > height + GAP;
  if (side === "above" || noRoomBelow) top = beside.top - height - GAP;
  element.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  element.style.top = `${Math.max(GAP, Math.min(top, innerHeight - height - GAP))}px`;
}
