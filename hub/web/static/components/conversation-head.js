/** @import { Row } from "../types.js" */
import { listed, number, t } from "../i18n.js";
import { lookersAt, typistsIn } from "../models/presence.js";
import { me } from "../models/session.js";
import { html } from "../ui.js";
import { Assignment } from "./assignment.js";
import { Button, IconButton } from "./button.js";
import { channelIcon, Icon } from "./icon.js";

/**
 * @param {{ row: Row, assigning: boolean, setAssigning: (open: boolean) => void, acts: { take(): void, give(id: string | null): void,
 *   resolve(): void, back(): void, customer(): void }, customerOpen: boolean }} props
 */
export function ConversationHead({ row, assigning, setAssigning, acts, customerOpen }) {
  const name = row.customer.name || t("customer.nameless");
  const resolved = row.status === "resolved";
  return html`<header class="head">
    <${IconButton} icon="back" label=${t("back")} class="back" onClick=${acts.back} />
    <div class="title">
      <h2 title=${row.subject || name}>${row.subject || name}</h2>
      <p><${Others} id=${row.id} />${row.subject && html`<span class="name" title=${name}>${name}</span>`}
        <span>${t("conversation.number", { number: String(row.number) })}</span>
        <span class="by" title=${row.channel.name}><${Icon} name=${channelIcon(row.channel.kind)} small />${row.channel.name}</span></p>
    </div>
    ${!resolved && !row.assignee && html`<${Button} kind="soft" icon="hand" keys="T" class="take" aria-label=${t("take")} title=${t("take.title")} onClick=${acts.take}>${t("take")}</${Button}>`}
    ${!resolved && html`<${Assignment} row=${row} open=${assigning} setOpen=${setAssigning} give=${acts.give} />`}
    <${Button} icon=${resolved ? "reopen" : "check"} class="resolve" aria-label=${t(resolved ? "reopen" : "resolve")} title=${`${t(resolved ? "reopen" : "resolve")} (E)`} onClick=${acts.resolve}>${t(resolved ? "reopen" : "resolve")}</${Button}>
    <${IconButton} icon="pane" label=${t("customer.show")} class="to-customer" aria-expanded=${String(customerOpen)} onClick=${acts.customer} />
  </header>`;
}

/** Who else is here: looking, or writing an answer. @param {{ id: string }} props */
function Others({ id }) {
  const mine = me.value?.id;
  const writing = typistsIn(id).filter((one) => one.kind === "agent" && one.id !== mine);
  const looking = lookersAt(id).filter((one) => one.id !== mine && !writing.some((other) => other.id === one.id));
  const said = [
    writing.length > 0 && t("others.writing", { count: writing.length, names: names(writing) }),
    looking.length > 0 && t("others.looking", { count: looking.length, names: names(looking) }),
  ].filter(Boolean);
  if (!said.length) return null;
  return html`<span class="others"><${Icon} name="eye" small />${said.join(" · ")}</span>`;
}

/** @param {readonly { name: string }[]} people */
function names(people) {
  const first = people.slice(0, 2).map((one) => one.name.split(" ")[0]);
  const rest = people.length - first.length;
  return listed(rest > 0 ? [...first, t("others.more", { count: rest, number: number(rest) })] : first);
}
