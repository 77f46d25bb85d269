/** @import { ViewName } from "../types.js" */
import { t } from "../i18n.js";
import { counts, list, more, narrowed, show } from "../models/inbox.js";
import { isAdmin } from "../models/session.js";
import { inboxPath } from "../router.js";
import { html, useEffect, useLayoutEffect, useRef } from "../ui.js";
import { Empty } from "./empty.js";
import { Narrowed, NothingOfIt } from "./narrowed.js";
import { ConversationRow, ROW_HEIGHT } from "./row.js";
import { Trouble } from "./trouble.js";
import { VIEW_ICONS } from "./views.js";
import { Windowed } from "./windowed.js";

/**
 * The list of a view. `at` is where j and k stand; `stand` is told which row got the focus otherwise.
 * @param {{ view: ViewName, openId: string | null, at: { id: string | null, focus: number }, stand: (id: string) => void }} props
 */
export function Queue({ view, openId, at, stand }) {
  const scroller = useRef(/** @type {HTMLElement | null} */ (null));
  const one = list(view);
  const state = one.state.value;
  const changed = one.changed.value;
  const total = view === "resolved" || narrowed.value ? null : (counts.value?.[view] ?? null);

  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [view]);

  useLayoutEffect(() => {
    if (at.id === null || !at.focus) return;
    intoView(scroller.current, one.indexOf(at.id));
    // Drawn after the list has moved there.
    const frame = requestAnimationFrame(() => focusRow(scroller.current, /** @type {string} */ (at.id)));
    return () => cancelAnimationFrame(frame);
  }, [at]);

  return html`<section class="list" aria-label=${t("list.label", { view: t(`view.${view}`) })}>
    <header><h2>${t(`view.${view}`)}</h2><span class="order">${t(`list.order.${view === "resolved" ? "latest" : "urgent"}`)}</span></header>
    ${narrowed.value && html`<${Narrowed} view=${view} />`}
    <div class="scroller" ref=${scroller} tabindex="-1" onFocusIn=${(/** @type {any} */ event) => event.target.dataset.id && stand(event.target.dataset.id)}>
      ${(state === "new" || state === "loading") && html`<${Ghosts} />`}
      ${state === "failed" && one.problem.value && html`<${Trouble} problem=${one.problem.value} again=${() => show(view)} />`}
      ${state === "ready" && !one.places.length && html`<${narrowed.value ? NothingOfIt : NothingHere} view=${view} />`}
      ${
        state === "ready" &&
        one.places.length > 0 &&
        html`<${Windowed} key=${view} label=${t(`view.${view}`)} height=${ROW_HEIGHT} ids=${one.places} changed=${changed}
          scroller=${scroller} total=${one.next === null ? one.places.length : total} nearEnd=${() => more(view)}
          foot=${one.next !== null && html`<div class="ghost-foot"><${Ghosts} count=${2} /></div>`}
          row=${(/** @type {string} */ id) => html`<${ConversationRow} id=${id} view=${view} open=${id === openId} at=${id === at.id} />`} />`
      }
    </div>
  </section>`;
}

/** Rows that keep their place while they are loaded. */
function Ghosts({ count = 6 }) {
  return html`<div class="ghosts" aria-hidden="true">${Array.from({ length: count }, (_, i) => html`<div key=${i} class="ghost"><i></i><b></b><s></s><s></s></div>`)}</div>`;
}

/** @param {{ view: ViewName }} props */
function NothingHere({ view }) {
  const noneOpen = counts.value?.all === 0;
  const resolved = list("resolved");
  useEffect(() => {
    if (noneOpen && isAdmin.peek()) show("resolved"); // is it a quiet day, or has nobody ever written?
  }, [noneOpen]);
  const never = noneOpen && resolved.state.value === "ready" && resolved.changed.value > 0 && !resolved.places.length;
  if (isAdmin.value && never && view !== "resolved") {
    return html`<${Empty} icon="chat" title=${t("empty.fresh")} text=${t("empty.fresh.text")}>
      <a class="btn primary" href="/settings/channels">${t("empty.fresh.next")}</a></${Empty}>`;
  }
  const waiting = counts.value?.waiting ?? 0;
  return html`<${Empty} icon=${VIEW_ICONS[view]} title=${t(`empty.${view}`)} text=${t(`empty.${view}.text`)}>
    ${view === "mine" && waiting > 0 && html`<a class="btn" href=${inboxPath("waiting")}>${t("empty.mine.next", { count: waiting })}</a>`}
  </${Empty}>`;
}

/** @param {HTMLElement | null} box @param {number} index */
function intoView(box, index) {
  if (!box || index < 0) return;
  const top = index * ROW_HEIGHT;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + ROW_HEIGHT > box.scrollTop + box.clientHeight) box.scrollTop = top + ROW_HEIGHT - box.clientHeight;
}

/** @param {HTMLElement | null} box @param {string} id */
function focusRow(box, id) {
  if (document.activeElement?.closest(".composer")) return; // somebody began to write
  const row = /** @type {HTMLElement | null | undefined} */ (box?.querySelector(`[data-id="${CSS.escape(id)}"]`));
  row?.focus({ preventScroll: true });
}
