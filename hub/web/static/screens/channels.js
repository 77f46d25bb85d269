/** @import { ChannelSettings } from "../types.js" */
import { asProblem } from "../api.js";
import { Button } from "../components/button.js";
import { Chip } from "../components/chip.js";
import { CopyBox } from "../components/copy.js";
import { Dialog } from "../components/dialog.js";
import { Empty } from "../components/empty.js";
import { Field, TextField } from "../components/field.js";
import { channelIcon, Icon } from "../components/icon.js";
import { Trouble } from "../components/trouble.js";
import { faultWords, has, problemWords, t } from "../i18n.js";
import { addChannel, changeChannel, channels, channelsProblem, loadChannels } from "../models/channels.js";
import { isAdmin } from "../models/session.js";
import { toast } from "../models/toasts.js";
import { html, useEffect, useState } from "../ui.js";
import { Page } from "./page.js";

/** The kinds that can be added here. */
const KINDS = ["widget", "webhook"];

export function ChannelsScreen() {
  const [adding, setAdding] = useState(/** @type {string | null} */ (null));
  const [made, setMade] = useState(/** @type {ChannelSettings | null} */ (null));
  const [open, setOpen] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    loadChannels();
  }, []);
  const all = channels.value;
  const problem = channelsProblem.value;
  const shown = open ?? (all?.length === 1 ? all[0].id : null); // the only one shows at once what to do with it
  const buttons =
    isAdmin.value &&
    html`<div class="buttons">${KINDS.map((kind) => html`<${Button} key=${kind} icon=${channelIcon(kind)} kind=${kind === "widget" ? "primary" : "plain"} onClick=${() => setAdding(kind)}>${t(`channels.add.${kind}`)}</${Button}>`)}</div>`;
  /** @param {ChannelSettings} channel */
  const added = (channel) => {
    setAdding(null);
    setOpen(channel.id);
    setMade(channel);
  };
  return html`<${Page} settings title=${t("settings.channels")} lead=${t("channels.lead")} action=${all && all.length > 0 && buttons}>
    ${!all && problem && html`<${Trouble} problem=${problem} again=${loadChannels} />`}
    ${all && !all.length && html`<${Empty} icon="chat" title=${t("channels.empty")} text=${t("channels.empty.text")}>${buttons}</${Empty}>`}
    ${all && all.length > 0 && html`<ul class="cards">${all.map((one) => html`<${ChannelCard} key=${one.id} channel=${one} open=${shown === one.id} toggle=${() => setOpen(shown === one.id ? "" : one.id)} />`)}</ul>`}
    ${adding && html`<${AddChannel} kind=${adding} added=${added} close=${() => setAdding(null)} />`}
    ${made && html`<${Made} channel=${made} close=${() => setMade(null)} />`}
  </${Page}>`;
}

/** @param {{ channel: ChannelSettings, open: boolean, toggle: () => void }} props */
function ChannelCard({ channel, open, toggle }) {
  const kind = has(`kind.${channel.kind}`) ? t(`kind.${channel.kind}`) : channel.kind;
  return html`<li class=${`card channel ${channel.enabled ? "" : "off"}`}>
    <button type="button" class="card-head" aria-expanded=${String(open)} onClick=${toggle}>
      <span class="tile"><${Icon} name=${channelIcon(channel.kind)} /></span>
      <span class="grow"><b title=${channel.name}>${channel.name}</b><small>${kind}</small></span>
      ${channel.enabled ? html`<${Chip} tone="green" icon="check">${t("channels.on")}</${Chip}>` : html`<${Chip} icon="power">${t("channels.off")}</${Chip}>`}
      <${Icon} name="down" class="turn" />
    </button>
    ${open && html`<${ChannelDetails} channel=${channel} />`}
  </li>`;
}

/** @param {{ channel: ChannelSettings }} props */
function ChannelDetails({ channel }) {
  const [busy, setBusy] = useState(false);
  /** @param {Parameters<typeof changeChannel>[1]} change @param {string} words */
  const save = async (change, words) => {
    setBusy(true);
    try {
      await changeChannel(channel.id, change);
      toast(words);
    } catch (error) {
      toast(problemWords(asProblem(error)), { tone: "bad" });
    }
    setBusy(false);
  };
  return html`<div class="card-body">
    <${Handover} channel=${channel} />
    ${isAdmin.value && html`<${ChannelForm} channel=${channel} save=${save} busy=${busy} />`}
    ${
      isAdmin.value &&
      html`<div class="row-of"><p><b>${t(channel.enabled ? "channels.switch_off" : "channels.switch_on")}</b><small>${t(channel.enabled ? `channels.switch_off.text` : "channels.switch_on.text")}</small></p>
      <${Button} icon="power" kind=${channel.enabled ? "bad" : "plain"} busy=${busy} onClick=${() => save({ enabled: !channel.enabled }, t(channel.enabled ? "channels.is_off" : "channels.is_on"))}>${t(channel.enabled ? "channels.switch_off.go" : "channels.switch_on.go")}</${Button}></div>`
    }
  </div>`;
}

/** What has to be taken to the other side. @param {{ channel: ChannelSettings }} props */
function Handover({ channel }) {
  return html`${channel.snippet && html`<div class="handover"><h2>${t("channels.snippet")}</h2><p>${t("channels.snippet.text")}</p><${CopyBox} label=${t("channels.snippet")} text=${channel.snippet} /></div>`}
    ${channel.address && html`<div class="handover"><h2>${t("channels.address")}</h2><p>${t("channels.address.text")}</p><${CopyBox} label=${t("channels.address")} text=${channel.address} /></div>`}`;
}

/** @param {{ channel: ChannelSettings, save: (change: Record<string, any>, words: string) => void, busy: boolean }} props */
function ChannelForm({ channel, save, busy }) {
  const [name, setName] = useState(channel.name);
  const [sites, setSites] = useState((channel.settings.sites ?? []).join("\n"));
  const hasSites = channel.kind === "widget";
  const wanted = linesOf(sites);
  const changed =
    name.trim() !== channel.name || (hasSites && wanted.join("\n") !== (channel.settings.sites ?? []).join("\n"));
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    save({ name: name.trim(), ...(hasSites ? { settings: { ...channel.settings, sites: wanted } } : {}) }, t("saved"));
  };
  return html`<form class="stack" onSubmit=${submit}>
    <${TextField} label=${t("field.channel_name")} value=${name} change=${setName} required maxlength="120" />
    ${hasSites && html`<${SitesField} value=${sites} change=${setSites} />`}
    <div><${Button} type="submit" busy=${busy} disabled=${!changed || !name.trim()}>${t("save")}</${Button}></div>
  </form>`;
}

/** @param {{ value: string, change: (value: string) => void, error?: string | null }} props */
function SitesField({ value, change, error }) {
  return html`<${Field} label=${t("field.sites")} hint=${t("field.sites.hint")} error=${error}>
    ${(/** @type {any} */ own) => html`<textarea ...${own} rows="3" value=${value} placeholder="https://www.example.com" spellcheck=${false} autocapitalize="off" onInput=${(/** @type {any} */ event) => change(event.target.value)}></textarea>`}
  </${Field}>`;
}

/** @param {{ kind: string, added: (channel: ChannelSettings) => void, close: () => void }} props */
function AddChannel({ kind, added, close }) {
  const [name, setName] = useState(() => t(`channels.add.${kind}.name`));
  const [sites, setSites] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {import("../api.js").Problem | null} */ (null));
  /** @param {SubmitEvent} event */
  const add = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      added(
        await addChannel({
          kind,
          name: name.trim(),
          ...(kind === "widget" ? { settings: { sites: linesOf(sites) } } : {}),
        }),
      );
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${t(`channels.add.${kind}`)} close=${close}>
    <form class="stack" onSubmit=${add}><p class="lead">${t(`channels.add.${kind}.text`)}</p>
      ${problem && html`<p class="notice bad" role="alert"><${Icon} name="error" small />${problemWords(problem)}</p>`}
      <${TextField} label=${t("field.channel_name")} hint=${t("field.channel_name.hint")} value=${name} change=${setName} required maxlength="120" data-first />
      ${kind === "widget" && html`<${SitesField} value=${sites} change=${setSites} error=${faultWords(problem, "settings.sites") && t("field.sites.wrong")} />`}
      <div class="buttons end"><${Button} kind="quiet" onClick=${close}>${t("cancel")}</${Button}><${Button} kind="primary" type="submit" busy=${busy}>${t("add")}</${Button}></div>
    </form></${Dialog}>`;
}

/** What a new channel needs on the other side; the secret is shown this once. @param {{ channel: ChannelSettings, close: () => void }} props */
function Made({ channel, close }) {
  return html`<${Dialog} title=${t("channels.made", { name: channel.name })} close=${close} wide><div class="stack">
    <${Handover} channel=${channel} />
    ${channel.secret && html`<div class="handover"><h2>${t("channels.secret")}</h2><p class="notice gold"><${Icon} name="key" small />${t("channels.secret.text")}</p><${CopyBox} label=${t("channels.secret")} text=${channel.secret} /></div>`}
    <div class="buttons end"><${Button} kind="primary" onClick=${close} data-first>${t("done")}</${Button}></div></div></${Dialog}>`;
}

/** @param {string} text */
function linesOf(text) {
  return text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter(Boolean);
}
