/** @import { Row } from "../types.js" */
import { languageName, stopwatch, t } from "../i18n.js";
import { bind } from "../keys.js";
import { now } from "../models/clock.js";
import { accept, decline, offers } from "../models/offers.js";
import { skillsWords } from "../models/why.js";
import { html, useEffect, useId, useRef, useState } from "../ui.js";
import { Avatar } from "./avatar.js";
import { Button } from "./button.js";
import { Chip } from "./chip.js";
import { channelIcon, Icon } from "./icon.js";

const TICK_MS = 250;
/** What runs out first; the others come as these are answered. */
const SHOWN = 2;
const RING = 2 * Math.PI * 17;

/** What is offered to us, wherever we are: never in the way of what is written, never to be missed. */
export function Offers() {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const all = offers.value;
  const any = all.length > 0;
  useEffect(() => {
    if (!any) return;
    return bind({ "g o": () => /** @type {HTMLElement | null} */ (box.current?.querySelector(".accept"))?.focus() });
  }, [any]);
  return html`<section class="offers" aria-label=${t("offer.label")} ref=${box}>
    ${all.slice(0, SHOWN).map((one) => html`<${Offer} key=${`${one.row.id} ${one.until}`} offer=${one} />`)}
    ${all.length > SHOWN && html`<p class="offer more-offers">${t("board.more", { count: all.length - SHOWN })}</p>`}
  </section>`;
}

/** @param {{ offer: import("../models/offers.js").Offer }} props */
function Offer({ offer: { row, from, until } }) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const name = row.customer.name || t("customer.nameless");
  /** @param {(row: Row) => Promise<unknown>} act */
  const run = (act) => async () => {
    setBusy(true);
    await act(row);
    setBusy(false);
  };
  const asked = row.needs?.require ?? [];
  return html`<article class="offer" aria-labelledby=${id}>
    <header><${Avatar} id=${row.customer.id} name=${row.customer.name} via=${channelIcon(row.channel.kind)} />
      <div class="grow"><h2 id=${id}><small>${t("offer.for_you")}</small><span title=${name}>${name}</span></h2>
        <p title=${row.channel.name}><${Icon} name=${channelIcon(row.channel.kind)} small />${row.channel.name}</p></div>
      <${Ring} from=${from} until=${until} /></header>
    ${(row.subject || row.last?.text) && html`<p class="first">${row.subject && html`<b>${row.subject}</b> `}${row.last?.text}</p>`}
    ${(asked.length > 0 || row.language) && html`<div class="chips">${asked.length > 0 ? html`<${Chip} tone="blue" title=${skillsWords(asked)}>${skillsWords(asked)}</${Chip}>` : html`<${Chip}>${languageName(row.language ?? "")}</${Chip}>`}</div>`}
    <div class="buttons"><${Button} kind="primary" icon="check" class="accept" busy=${busy} onClick=${run(accept)}>${t("offer.accept")}</${Button}>
      <${Button} busy=${busy} onClick=${run(decline)}>${t("offer.decline")}</${Button}><kbd aria-hidden="true">g o</kbd></div>
  </article>`;
}

/** How long there still is. @param {{ from: number, until: number }} props */
function Ring({ from, until }) {
  const [left, setLeft] = useState(() => until - now());
  useEffect(() => {
    const timer = setInterval(() => setLeft(until - now()), TICK_MS);
    return () => clearInterval(timer);
  }, [until]);
  const seconds = Math.max(0, Math.ceil(left / 1000));
  const share = Math.max(0, Math.min(1, left / Math.max(1, until - from)));
  return html`<span class="ring" role="timer" aria-label=${t("offer.left", { count: seconds })}>
    <svg viewBox="0 0 40 40" aria-hidden="true"><circle cx="20" cy="20" r="17" /><circle class="rest" cx="20" cy="20" r="17" stroke-dasharray=${`${RING * share} ${RING}`} /></svg>
    <b aria-hidden="true" class=${seconds < 100 ? "" : "long"}>${seconds < 100 ? seconds : stopwatch(left)}</b></span>`;
}
