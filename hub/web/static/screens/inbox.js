/** @import { ViewName } from "../types.js" */
import { Button } from "../components/button.js";
import { Composer } from "../components/composer.js";
import { ConversationHead } from "../components/conversation-head.js";
import { CustomerPane } from "../components/customer.js";
import { Empty } from "../components/empty.js";
import { Logo } from "../components/icon.js";
import { Queue } from "../components/queue.js";
import { Stream } from "../components/stream.js";
import { Trouble } from "../components/trouble.js";
import { Views } from "../components/views.js";
import { Waits } from "../components/waits.js";
import { t } from "../i18n.js";
import { assign, resolveOrReopen, take } from "../models/acts.js";
import { close, current, open, opening, openingProblem } from "../models/conversation.js";
import { lookAt } from "../models/desk.js";
import { hereIn, idOf, list, narrow, onlyOf, peekRow, pin, rowOf, show } from "../models/inbox.js";
import { readWhileOpen, undoElsewhere } from "../models/reading.js";
import { go, place } from "../router.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../ui.js";
import { useKeys } from "./inbox-keys.js";
import { useWriting } from "./inbox-writing.js";

/** @typedef {{ id: string | null, focus: number }} Place where j and k stand; `focus` rises when the row is to get it */

export function InboxScreen() {
  const { params, search } = place.value;
  const { view: shown, number: digits } = params;
  const view = /** @type {ViewName} */ (shown ?? "mine");
  const number = digits === undefined ? null : Number(digits);
  const [at, setAt] = useState(/** @type {Place} */ ({ id: null, focus: 0 }));
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const [assigning, setAssigning] = useState(false);
  const [customerOpen, setCustomerOpen] = useState(false);

  // Before it is drawn: what another address had narrowed is not for a moment this one's.
  useLayoutEffect(() => {
    narrow(onlyOf(search));
    show(view);
  }, [view, search]);

  useEffect(() => {
    setAssigning(false);
    if (number === null) close();
    else open(number);
    return () => undoElsewhere(current.peek());
  }, [number]);

  // Of a conversation that stands in a list the row is known at once; what was said in it comes a moment later.
  const id = number === null ? null : (idOf(number) ?? null);
  const row = id === null ? null : rowOf(id);
  const opened = current.value && current.value.id === id ? current.value : null;
  useEffect(() => {
    pin(id);
    lookAt(id);
    if (id) setAt((now) => (now.id === id ? now : { id, focus: 0 }));
    return () => lookAt(null);
  }, [id]);
  useEffect(() => readWhileOpen(), []);
  useEffect(() => () => pin(null), []);

  const acts = actsOn(view, row?.id ?? null, setAssigning);
  const writing = useWriting(number, row, field);
  useKeys({ view, number, ready: opened && row ? row.id : null, at, setAt, acts, writing });

  const gone = number !== null && !opened && opening.value === "failed" && (!row || lost(openingProblem.value));
  return html`<main class="inbox" data-pane=${number === null ? "list" : "conversation"} data-customer=${customerOpen ? "open" : "shut"}>
    <h1 class="unseen">${t("rail.inbox")}: ${t(`view.${view}`)}</h1>
    <${Views} />
    <${Queue} view=${view} openId=${id} at=${at} stand=${(/** @type {string} */ to) => setAt((now) => (now.id === to ? now : { id: to, focus: 0 }))} />
    <section class="conversation" aria-label=${t("conversation.label")}>
      ${number === null && html`<${Nothing} view=${view} />`}
      ${gone && openingProblem.value && html`<${Missing} problem=${openingProblem.value} again=${() => open(number)} view=${view} />`}
      ${number !== null && !row && !gone && html`<div class="opening" role="status"><span class="unseen">${t("loading")}</span></div>`}
      ${
        row &&
        !gone &&
        html`<${ConversationHead} row=${row} assigning=${assigning} setAssigning=${setAssigning} customerOpen=${customerOpen}
            acts=${{ ...acts, customer: () => setCustomerOpen(!customerOpen) }} />
          <${Waits} key=${`waits ${row.id}`} row=${row} />
          ${opened ? html`<${Stream} key=${opened.id} opened=${opened} row=${row} />` : html`<${Coming} again=${() => open(row.number)} />`}
          <${Composer} key=${`write ${row.id}`} row=${row} field=${field} />`
      }
    </section>
    ${row && !gone && html`<${CustomerPane} key=${row.customer.id} customer=${opened?.customer.value ?? null} row=${row} close=${() => setCustomerOpen(false)} />`}
    ${customerOpen && html`<div class="scrim" onClick=${() => setCustomerOpen(false)}></div>`}
  </main>`;
}

/**
 * What can be done to the open conversation.
 * @param {ViewName} view
 * @param {string | null} id
 * @param {(open: boolean) => void} setAssigning
 */
function actsOn(view, id, setAssigning) {
  /** @param {(row: import("../types.js").Row) => unknown} run */
  const act = (run) => () => {
    const row = id ? peekRow(id) : null;
    if (row) run(row);
  };
  return {
    take: act(take),
    give: (/** @type {string | null} */ to) => act((row) => assign(row, to))(),
    assign: act((row) => row.status !== "resolved" && setAssigning(true)),
    resolve: act(resolveOrReopen),
    back: () => go(hereIn(view)),
  };
}

/** What was said is on its way, or could not be loaded. @param {{ again: () => void }} props */
function Coming({ again }) {
  if (opening.value === "failed" && openingProblem.value)
    return html`<div class="coming"><${Trouble} problem=${openingProblem.value} again=${again} /></div>`;
  return html`<div class="coming" role="status"><span class="unseen">${t("loading")}</span>
    <div class="ghost-talk" aria-hidden="true"><i></i><i></i><i class="ours"></i><i></i></div></div>`;
}

/** @param {import("../api.js").Problem | null} problem */
const lost = (problem) => problem?.code === "not_found";

/** No conversation is open. @param {{ view: ViewName }} props */
function Nothing({ view }) {
  const one = list(view);
  if (one.state.value !== "ready" || !one.changed.value || !one.places.length)
    return html`<div class="nothing"><${Logo} /></div>`;
  return html`<div class="nothing"><${Logo} /><p>${t("nothing.title")}</p>
    <p class="hints"><span><kbd>J</kbd><kbd>K</kbd> ${t("nothing.move")}</span><span><kbd>↵</kbd> ${t("nothing.open")}</span><span><kbd>?</kbd> ${t("nothing.keys")}</span></p></div>`;
}

/** @param {{ problem: import("../api.js").Problem, again: () => void, view: ViewName }} props */
function Missing({ problem, again, view }) {
  if (problem.code !== "not_found") return html`<${Trouble} problem=${problem} again=${again} />`;
  return html`<${Empty} icon="search" title=${t("missing.title")} text=${t("missing.text")}>
    <${Button} icon="back" onClick=${() => go(hereIn(view))}>${t("missing.next")}</${Button}></${Empty}>`;
}
