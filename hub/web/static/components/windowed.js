import { html, useLayoutEffect, useRef, useState } from "../ui.js";

const SPARE_ROWS = 8;
const NEAR_END_ROWS = 20;

/**
 * A list that draws only what is looked at. Rows are equally high; what arrives above does not move what is read.
 * @param {{ label: string, height: number, ids: readonly { id: string }[], changed: number, row: (id: string, index: number) => any,
 *   nearEnd: () => void, foot?: any, scroller: { current: HTMLElement | null }, total: number | null }} props
 */
export function Windowed({ label, height, ids, changed, row, nearEnd, foot, scroller, total }) {
  const [range, setRange] = useState({ from: 0, to: 30 });
  const top = useRef({ id: "", index: 0 });

  const measure = () => {
    const box = scroller.current;
    if (!box) return;
    const from = Math.max(0, Math.floor(box.scrollTop / height) - SPARE_ROWS);
    const to = Math.ceil((box.scrollTop + box.clientHeight) / height) + SPARE_ROWS;
    const index = Math.floor(box.scrollTop / height);
    top.current = { id: box.scrollTop > 0 ? (ids[index]?.id ?? "") : "", index };
    setRange((now) => (now.from === from && now.to === to ? now : { from, to }));
    if (to + NEAR_END_ROWS > ids.length) nearEnd();
  };

  useLayoutEffect(() => {
    const box = scroller.current;
    const { id, index } = top.current;
    if (box && id && ids[index]?.id !== id) {
      const now = ids.findIndex((one) => one.id === id);
      if (now >= 0) box.scrollTop += (now - index) * height;
    }
    measure();
  }, [changed, ids]);

  useLayoutEffect(() => {
    const box = /** @type {HTMLElement} */ (scroller.current);
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    box.addEventListener("scroll", measure, { passive: true });
    return () => {
      watch.disconnect();
      box.removeEventListener("scroll", measure);
    };
  }, [changed, ids]);

  const from = Math.min(range.from, ids.length);
  const to = Math.min(range.to, ids.length);
  const space = { paddingTop: `${from * height}px`, paddingBottom: `${(ids.length - to) * height}px` };
  return html`<ul class="rows" aria-label=${label} style=${space}>
      ${ids
        .slice(from, to)
        .map(
          ({ id }, i) =>
            html`<li key=${id} aria-setsize=${total ?? -1} aria-posinset=${from + i + 1}>${row(id, from + i)}</li>`,
        )}
    </ul>${foot}`;
}
