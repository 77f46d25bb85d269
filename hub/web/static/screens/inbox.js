/** @import { ViewName } from "../types.js" */
import { Button } from "../components/button.js";
import { Composer, toEnd } from "../components/composer.js";
import { ConversationHead } from "../components/conversation-head.js";
import { CustomerPane } from "../components/customer.js";
import { Empty } from "../components/empty.js";
import { Logo } from "../components/icon.js";
import { Queue } from "../components/queue.js";
import { Stream } from "../components/stream.js";
import { Trouble } from "../components/trouble.js";
import { Views } from "../components/views.js";
import { t } from "../i18n.js";
import { bind } from "../keys.js";
import { assign, resolveOrReopen, take } from "../models/acts.js";
import { loadChannels } from "../models/channels.js";
import { close, current, open, opening, openingProblem } from "../models/conversation.js";
import { lookAt } from "../models/desk.js";
import { draftOf, write } from "../models/drafts.js";
import { idOf, list, peekRow, pin, rowOf, show } from "../models/inbox.js";
import { readWhileOpen, undoElsewhere } from "../models/reading.js";
import { isAdmin } from "../models/session.js";
import { go, inboxPath, place } from "../router.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../ui.js";

const FOLLOW_MS = 110;

export function InboxScreen() {
  const { view: shown, number: digits } = place.value.params;
  const view = /** @type {ViewName} */ (shown ?? "mine");
  const number = digits === undefined ? null : Number(digits);
  const opened = current.value;
  const [at, setAt] = useState(/** @type {{ id: string | null, focus: number }} */ ({ id: null, focus: 0 }));
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const [assigning, setAssigning] = useState(false);
  const [customerOpen, setCustomerOpen] = useState(false);

  useEffect(() => {
    show(view);
    if (isAdmin.peek()) loadChannels();
  }, [view]);

  useEffect(() => {
    setAssigning(false);
    if (number === null) close();
    else open(number);
    return () => undoElsewhere(current.peek());
  }, [number]);

  const id = opened?.id ?? (number === null ? null : idOf(number));
  useEffect(() => {
    pin(id);
    lookAt(id);
    if (id) setAt((now) => (now.id === id ? now : { id, focus: 0 }));
    return () => lookAt(null);
  }, [id]);
  useEffect(() => readWhileOpen(), []);
  useEffect(() => () => pin(null), []);

  const row = opened ? rowOf(opened.id) : null;
  const acts = useActs(view, row?.id ?? null, field, setAssigning);
  useKeys(view, number, at, setAt, acts);

  return html`<main class="inbox" data-pane=${number === null ? "list" : "conversation"} data-customer=${customerOpen ? "open" : "shut"}>
    <h1 class="unseen">${t("rail.inbox")}: ${t(`view.${view}`)}</h1>
    <${Views} />
    <${Queue} view=${view} openId=${id} at=${at} />
    <section class="conversation" aria-label=${t("conversation.label")}>
      ${number === null && html`<${Nothing} view=${view} />`}
      ${number !== null && opening.value === "failed" && openingProblem.value && html`<${Missing} problem=${openingProblem.value} again=${() => open(number)} view=${view} />`}
      ${number !== null && opening.value === "loading" && !row && html`<div class="opening" role="status"><span class="unseen">${t("loading")}</span></div>`}
      ${
        opened &&
        row &&
        html`<${ConversationHead} row=${row} assigning=${assigning} setAssigning=${setAssigning} customerOpen=${customerOpen}
            acts=${{ ...acts, customer: () => setCustomerOpen(!customerOpen) }} />
          <${Stream} key=${opened.id} opened=${opened} row=${row} />
          <${Composer} key=${`write ${opened.id}`} row=${row} field=${field} />`
      }
    </section>
    ${opened && row && html`<${CustomerPane} key=${row.customer.id} customer=${opened.customer.value} row=${row} close=${() => setCustomerOpen(false)} />`}
    ${customerOpen && html`<div class="scrim" onClick=${() => setCustomerOpen(false)}></div>`}
  </main>`;
}

/**
 * What can be done to the open conversation.
 * @param {ViewName} view
 * @param {string | null} id
 * @param {{ current: HTMLTextAreaElement | null }} field
 * @param {(open: boolean) => void} setAssigning
 */
function useActs(view, id, field, setAssigning) {
  const row = () => (id ? peekRow(id) : null);
  /** @param {"reply" | "note"} tab */
  const writeIn = (tab) => {
    const one = row();
    if (!one) return;
    if (draftOf(one.id).peek().tab !== tab) write(one.id, { tab });
    toEnd(field.current); // at once: the next key already belongs to the text
  };
  /** @param {(one: import("../types.js").Row) => unknown} run */
  const act = (run) => () => {
    const one = row();
    if (one) run(one);
  };
  return {
    reply: () => writeIn("reply"),
    note: () => writeIn("note"),
    take: act(take),
    give: (/** @type {string | null} */ to) => act((one) => assign(one, to))(),
    assign: act((one) => one.status !== "resolved" && setAssigning(true)),
    resolve: act(resolveOrReopen),
    back: () => go(inboxPath(view)),
  };
}

/**
 * @param {ViewName} view
 * @param {number | null} number of the open conversation
 * @param {{ id: string | null, focus: number }} at
 * @param {(at: { id: string | null, focus: number }) => void} setAt
 * @param {ReturnType<typeof useActs>} acts
 */
function useKeys(view, number, at, setAt, acts) {
  const follow = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  const index = useRef(-1);
  const here = at.id === null ? -1 : list(view).indexOf(at.id);
  if (here >= 0) index.current = here;

  useEffect(() => {
    index.current = -1;
    return () => clearTimeout(follow.current);
  }, [view]);

  // Before the next key can come.
  useLayoutEffect(() => {
    /** @param {1 | -1} step */
    const move = (step) => () => {
      const places = list(view).places;
      if (!places.length) return;
      // What stood here may have gone from the list: the next one has its place now.
      const from = here >= 0 ? here + step : index.current < 0 ? 0 : step > 0 ? index.current : index.current - 1;
      const next = places[Math.max(0, Math.min(places.length - 1, from))];
      setAt({ id: next.id, focus: at.focus + 1 });
      clearTimeout(follow.current);
      const row = peekRow(next.id);
      if (number !== null && row)
        follow.current = setTimeout(() => go(inboxPath(view, row.number), { replace: true }), FOLLOW_MS);
    };
    return bind({
      j: move(1),
      k: move(-1),
      r: acts.reply,
      n: acts.note,
      t: acts.take,
      a: acts.assign,
      e: acts.resolve,
      ...(number === null ? {} : { Escape: acts.back }),
      "g m": () => go(inboxPath("mine")),
      "g w": () => go(inboxPath("waiting")),
      "g t": () => go(inboxPath("team")),
      "g a": () => go(inboxPath("all")),
      "g r": () => go(inboxPath("resolved")),
    });
  });
}

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
    <${Button} icon="back" onClick=${() => go(inboxPath(view))}>${t("missing.next")}</${Button}></${Empty}>`;
}
