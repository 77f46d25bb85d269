/** @import { Attachment, Message as Mail, Pending } from "../types.js" */
import { asProblem, filePath } from "../api.js";
import { fileSize, fullTimeOf, has, problemWords, t, timeOf } from "../i18n.js";
import { now } from "../models/clock.js";
import { putBack } from "../models/drafts.js";
import { edit, remove, sendNow, tryAgain, undo } from "../models/outbox.js";
import { me } from "../models/session.js";
import { toast } from "../models/toasts.js";
import { html, useEffect, useState } from "../ui.js";
import { Avatar } from "./avatar.js";
import { Button } from "./button.js";
import { channelIcon, Icon } from "./icon.js";
import { MailFrame } from "./mail-frame.js";
import { Text } from "./text.js";

/**
 * @param {{ message: Mail, joined: boolean, told: boolean, customer: string, fresh: boolean }} props
 *   joined: goes on from the one before; told: the next one says how both went
 */
export function Message({ message, joined, told, customer, fresh }) {
  const { author, direction } = message;
  const name = author.kind === "customer" ? author.name || customer : author.name || t("system");
  const icon = direction === "note" ? "note" : channelIcon(message.channel.kind);
  const kind = direction === "note" ? t("note") : message.channel.name;
  return html`<article class=${`msg ${direction} ${joined ? "joined" : ""} ${fresh ? "fresh" : ""}`} data-id=${message.id} aria-label=${t("message.label", { name, kind, time: timeOf(message.at) })}>
    <${Avatar} id=${author.id || author.kind} name=${author.kind === "customer" ? author.name : name} size="s" />
    <div class="body">
      <div class="box">
        <div class="from"><b>${name}</b><span class="how" title=${kind}><${Icon} name=${icon} small />${direction === "note" && html`<span>${t("note")}</span>`}${direction === "out" && message.automatic && html`<span>${t("message.automatic")}</span>`}</span>
          <time datetime=${message.at} title=${fullTimeOf(message.at)}>${timeOf(message.at)}</time></div>
        ${message.has_html ? html`<${MailFrame} id=${message.id} from=${name} />` : html`<${Text} text=${message.text} />`}
        ${message.attachments.length > 0 && html`<${Files} files=${message.attachments} />`}
        ${message.flagged && html`<p class="flag"><${Icon} name="alert" small />${t(has(`flag.${message.flagged}`) ? `flag.${message.flagged}` : "flag.other")}</p>`}
      </div>
      ${direction === "out" && !told && html`<${DeliveryState} message=${message} />`}
    </div>
  </article>`;
}

/** What every browser can show, and the hub hands out to be shown. */
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** @param {{ files: Attachment[] }} props */
function Files({ files }) {
  return html`<ul class="files">${files.map((file) => html`<li key=${file.id}><${File} file=${file} /></li>`)}</ul>`;
}

/** A picture is shown, anything else is handed over. @param {{ file: Attachment }} props */
function File({ file }) {
  const [broken, setBroken] = useState(false);
  if (PICTURES.has(file.type) && !broken) {
    const path = `${filePath(file.id)}?inline=1`;
    return html`<a class="picture" href=${path} target="_blank" rel="noopener" title=${file.name}>
      <img src=${path} alt=${file.name} loading="lazy" onError=${() => setBroken(true)} /></a>`;
  }
  return html`<a class="file" href=${filePath(file.id)} download=${file.name} title=${file.name}>
    <${Icon} name=${file.type.startsWith("image/") ? "image" : "file"} small /><span>${file.name}</span><small>${fileSize(file.size)}</small><${Icon} name="download" small class="get" /></a>`;
}

const DELIVERY_ICONS = {
  queued: "clock",
  sending: "clock",
  sent: "check",
  delivered: "checks",
  read: "checks",
  failed: "error",
  unknown: "help",
};

/** @param {{ message: Mail }} props */
function DeliveryState({ message }) {
  const { delivery, next_at: next, author } = message;
  const left = useSecondsLeft(delivery === "queued" ? next : null);
  if (!delivery) return null;
  if (left > 0 && author.id === me.value?.id) return html`<${Countdown} message=${message} seconds=${left} />`;
  const why = delivery === "failed" || delivery === "unknown" ? failureWords(message.failure, delivery) : null;
  return html`<div class=${`state ${delivery}`}><${Icon} name=${DELIVERY_ICONS[delivery]} small />
    <span>${t(`delivery.${delivery}`)}${why && `: ${why}`}</span>
    ${delivery === "failed" && html`<button type="button" class="act" onClick=${() => putBack(message.conversation, "reply", message.text)}>${t("delivery.write_again")}</button>`}</div>`;
}

/** @param {string | null} code @param {string} delivery */
function failureWords(code, delivery) {
  if (code && has(`failure.${code}`)) return t(`failure.${code}`);
  return delivery === "failed" ? t("failure.other") : null;
}

/** The undo time. @param {{ message: Mail, seconds: number }} props */
function Countdown({ message, seconds }) {
  const [busy, setBusy] = useState(false);
  /** @param {(conversation: string, message: string) => Promise<void>} act */
  const run = (act) => async () => {
    setBusy(true);
    try {
      await act(message.conversation, message.id);
    } catch (error) {
      toast(problemWords(asProblem(error)), { tone: "bad" });
    }
    setBusy(false);
  };
  return html`<div class="state counting"><${Icon} name="clock" small /><span>${t("undo.counting", { count: seconds })}</span>
    <button type="button" class="act" disabled=${busy} onClick=${run(undo)}>${t("undo")}</button>
    <button type="button" class="act" disabled=${busy} onClick=${run(sendNow)}>${t("undo.send_now")}</button></div>`;
}

/** Whole seconds until then; 0 when it is past. @param {string | null} at */
function useSecondsLeft(at) {
  const until = at ? Date.parse(at) : 0;
  const left = () => Math.max(0, Math.ceil((until - now()) / 1000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    setSeconds(left());
    if (!until || until < now()) return;
    const timer = setInterval(() => {
      setSeconds(left());
      if (until <= now()) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}

/** What this page has not yet got an answer for. @param {{ one: Pending }} props */
export function PendingMessage({ one }) {
  const mine = me.value;
  return html`<article class=${`msg ${one.kind === "note" ? "note" : "out"} pending ${one.failed ? "failed" : ""}`} aria-label=${t("message.label", { name: t("you"), kind: t(one.kind), time: timeOf(one.at) })}>
    <${Avatar} id=${mine?.id ?? ""} name=${mine?.name ?? ""} size="s" />
    <div class="body">
      <div class="box"><div class="from"><b>${mine?.name}</b>${one.kind === "note" && html`<span class="how"><${Icon} name="note" small /><span>${t("note")}</span></span>`}<time>${timeOf(one.at)}</time></div>
        <${Text} text=${one.text} /></div>
      ${
        one.failed
          ? html`<div class="state failed" role="alert"><${Icon} name=${one.failed === "network" ? "offline" : "error"} small />
            <span>${t("pending.failed", { why: problemWords({ code: one.failed, params: one.params }) })}</span>
            <${Button} small onClick=${() => tryAgain(one.id)}>${t("try_again")}</${Button}>
            <button type="button" class="act" onClick=${() => edit(one.id)}>${t("pending.edit")}</button>
            <button type="button" class="act" onClick=${() => remove(one.id)}>${t("pending.discard")}</button></div>`
          : html`<div class="state"><${Icon} name="clock" small /><span>${t("delivery.queued")}</span></div>`
      }
    </div>
  </article>`;
}
