/** @import { Row } from "../types.js" */
import { t, timeOf, tx } from "../i18n.js";
import { onMac, sendKey } from "../keys.js";
import { tellTyping } from "../models/desk.js";
import { draftOf, saved, type, write } from "../models/drafts.js";
import { seenTheirs, send, stoppedIn } from "../models/outbox.js";
import { html, useEffect, useLayoutEffect, useRef } from "../ui.js";
import { Button } from "./button.js";
import { channelIcon, Icon } from "./icon.js";

const TYPING_EVERY_MS = 2500;
const TYPING_ENDS_MS = 4000;

/** Where answers and notes are written. @param {{ row: Row, field: { current: HTMLTextAreaElement | null } }} props */
export function Composer({ row, field }) {
  const draft = draftOf(row.id).value;
  const answerable = row.reach.length > 0;
  const tab = answerable ? draft.tab : "note";
  const text = draft[tab];
  const stopped = stoppedIn(row.id);
  const typing = useTyping(row.id, tab === "reply");
  const customer = row.customer.name || t("customer.nameless");

  useLayoutEffect(() => fit(field.current), [text, tab, row.id]);

  /** @param {"reply" | "note"} to */
  const turn = (to) => {
    write(row.id, { tab: to });
    field.current?.focus();
  };
  /** @param {string} value */
  const change = (value) => {
    type(row, tab, value);
    typing(Boolean(value.trim()));
  };
  /** @param {boolean} resolve */
  const go = (resolve) => {
    if (!text.trim()) return field.current?.focus();
    typing(false);
    const basis = draft.basis ?? row.last_out_seq;
    write(row.id, { [tab]: "", ...(tab === "reply" ? { basis: null } : {}) });
    send(row.id, tab, text.trim(), { resolve: resolve && tab === "reply", basis });
    field.current?.focus();
  };
  const anyway = () => {
    seenTheirs(row.id);
    go(false);
  };
  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      if (!stopped) go(event.shiftKey);
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      field.current?.blur();
      /** @type {HTMLElement | null} */ (document.querySelector(".stream"))?.focus();
    }
  };
  const label = tab === "note" ? t("composer.note.label") : t("composer.reply.label", { name: customer });
  return html`<section class=${`composer ${tab}`} aria-label=${t("composer.label")}>
    <div class="tabs">
      <div role="group" aria-label=${t("composer.kind")}>
        ${answerable && html`<button type="button" aria-pressed=${String(tab === "reply")} title=${`${t("reply")} (R)`} onClick=${() => turn("reply")}>${t("reply")}</button>`}
        <button type="button" aria-pressed=${String(tab === "note")} title=${`${t("note")} (N)`} onClick=${() => turn("note")}>${t("note")}</button>
      </div>
      <${Way} row=${row} tab=${tab} customer=${customer} />
    </div>
    ${stopped && tab === "reply" && html`<${Stopped} stopped=${stopped} anyway=${anyway} />`}
    <textarea ref=${field} rows="2" value=${text} aria-label=${label} placeholder=${label} maxlength="100000"
      onInput=${(/** @type {any} */ event) => change(event.target.value)} onKeyDown=${keys} onBlur=${() => typing(false)}></textarea>
    <div class="foot">
      <span class=${`kept ${text.trim() && saved.value ? "on" : ""}`} aria-hidden=${text.trim() ? undefined : "true"}>${t("composer.kept")}</span>
      ${tab === "reply" && html`<${Button} small disabled=${!text.trim() || Boolean(stopped)} onClick=${() => go(true)} title=${onMac ? "⌘ ⇧ ↵" : "Ctrl ⇧ ↵"}>${t("composer.send_resolve")}</${Button}>`}
      ${
        tab === "reply"
          ? html`<${Button} small kind="primary" icon="plane" keys=${sendKey} disabled=${!text.trim() || Boolean(stopped)} onClick=${() => go(false)}>${t("composer.send")}</${Button}>`
          : html`<${Button} small kind="primary" icon="note" keys=${sendKey} disabled=${!text.trim()} onClick=${() => go(false)}>${t("composer.add_note")}</${Button}>`
      }
    </div>
  </section>`;
}

/** By what way the answer goes, or why it cannot. @param {{ row: Row, tab: "reply" | "note", customer: string }} props */
function Way({ row, tab, customer }) {
  const reach = row.reach[0];
  if (!reach)
    return html`<p class="way" title=${t("composer.no_way", { channel: row.channel.name })}>${t("composer.no_way", { channel: row.channel.name })}</p>`;
  if (tab === "note") return html`<p class="way"><${Icon} name="lock" small />${t("composer.private")}</p>`;
  const [kind, ...rest] = reach.to.split(":");
  const to = kind === "email" || kind === "phone" ? rest.join(":") : customer;
  const by = html`<b>${reach.channel === row.channel.id ? row.channel.name : t(`kind.${reach.kind}`)}</b>`;
  return html`<p class="way" title=${to}><${Icon} name=${channelIcon(reach.kind)} small /><span>${tx("composer.way", { by, to })}</span></p>`;
}

/** @param {{ stopped: { name: string, at: string | null }, anyway: () => void }} props */
function Stopped({ stopped, anyway }) {
  const name = stopped.name || t("somebody");
  return html`<div class="stopped" role="alert"><${Icon} name="alert" />
    <p><b>${stopped.at ? t("stopped.title_at", { name, time: timeOf(stopped.at) }) : t("stopped.title", { name })}</b> ${t("stopped.text")}</p>
    <${Button} small onClick=${anyway}>${t("stopped.anyway")}</${Button}></div>`;
}

/**
 * Tells others that somebody writes, now and then, and when it ends.
 * @param {string} conversation
 * @param {boolean} shown notes are written in silence
 */
function useTyping(conversation, shown) {
  const state = useRef({
    on: false,
    toldAt: 0,
    end: /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined),
  });
  const stop = () => {
    clearTimeout(state.current.end);
    if (state.current.on) tellTyping(conversation, false);
    state.current.on = false;
  };
  useEffect(() => stop, [conversation]);
  return (/** @type {boolean} */ writing) => {
    if (!writing || !shown) return stop();
    clearTimeout(state.current.end);
    state.current.end = setTimeout(stop, TYPING_ENDS_MS);
    if (state.current.on && performance.now() - state.current.toldAt < TYPING_EVERY_MS) return;
    state.current.on = true;
    state.current.toldAt = performance.now();
    tellTyping(conversation, true);
  };
}

/** As high as its text. @param {HTMLTextAreaElement | null} field */
function fit(field) {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

/** Into the field, after what stands there. @param {HTMLTextAreaElement | null} field */
export function toEnd(field) {
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}
