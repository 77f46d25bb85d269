/** @import { RoutingAgent, RoutingView } from "../types.js" */
import { compare, t } from "../i18n.js";
import { kindWords } from "../models/channels.js";
import { changeStaff } from "../models/staff.js";
import { html, useCallback, useRef, useState } from "../ui.js";
import { Avatar } from "./avatar.js";
import { Button, IconButton } from "./button.js";
import { Picker } from "./picker.js";
import { Popover } from "./popover.js";

const MOST = 100;

/**
 * People, with how much each can hold at once and by each kind of channel; of a team, who is in it.
 * @param {{ people: RoutingAgent[], routing: RoutingView, reload: () => Promise<void>, team?: string, setAll?: (capacity: number) => unknown }} props
 */
export function Members({ people, routing, reload, team, setAll }) {
  const kinds = [...new Set(routing.channels.map((one) => one.kind))];
  const sorted = [...people].sort((a, b) => compare(a.name, b.name));
  const others = routing.agents.filter((one) => !people.some((other) => other.id === one.id));
  return html`<fieldset class="members"><legend>${t(team ? "teams.members" : "teams.capacity")}</legend><p class="hint">${t("teams.capacity.hint")}</p>
    ${
      sorted.length > 0 &&
      html`<div class="scrolls"><table><thead><tr><th scope="col">${t("skills.person")}</th><th scope="col">${t("teams.capacity")}</th>
        ${kinds.map((kind) => html`<th scope="col" key=${kind}>${t("teams.cap", { kind: kindWords(kind) })}</th>`)}${team && html`<th scope="col"><span class="unseen">${t("remove")}</span></th>`}</tr></thead>
      <tbody>${sorted.map((one) => html`<${Member} key=${one.id} agent=${one} kinds=${kinds} team=${team} reload=${reload} />`)}</tbody></table></div>`
    }
    ${team && html`<div class="buttons">${others.length > 0 && html`<${AddMember} others=${others} team=${team} reload=${reload} />`}<span class="grow"></span>${setAll && sorted.length > 1 && html`<${ForAll} setAll=${setAll} />`}</div>`}
  </fieldset>`;
}

/** @param {{ agent: RoutingAgent, kinds: string[], team?: string, reload: () => Promise<void> }} props */
function Member({ agent, kinds, team, reload }) {
  const { id, name, capacity, caps } = agent;
  /** @param {string} kind @param {string} text */
  const cap = (kind, text) => {
    const { [kind]: _before, ...others } = caps;
    changeStaff(id, { caps: text === "" ? others : { ...others, [kind]: within(text) } }, reload);
  };
  const leaves = () => changeStaff(id, { teams: agent.teams.filter((one) => one !== team) }, reload);
  return html`<tr><th scope="row"><span class="agent"><${Avatar} id=${id} name=${name} size="s" state=${agent.availability} /><span class="name" title=${name}>${name}</span></span></th>
    <td><${Units} required aria-label=${t("teams.capacity.of", { name })} value=${capacity} change=${(/** @type {string} */ text) => text !== "" && changeStaff(id, { capacity: within(text) }, reload)} /></td>
    ${kinds.map(
      (kind) =>
        html`<td key=${kind}><${Units} aria-label=${t("teams.cap.of", { name, kind: kindWords(kind) })} value=${caps[kind] ?? ""} placeholder=${t("teams.cap.none")} change=${(/** @type {string} */ text) => cap(kind, text)} /></td>`,
    )}
    ${team && html`<td class="r"><${IconButton} icon="x" class="small" label=${t("teams.member.remove", { name })} onClick=${leaves} /></td>`}</tr>`;
}

/**
 * A number that is told when it is left; what is being typed stays, whatever comes from the hub meanwhile.
 * @param {{ value: number | "", change: (text: string) => unknown, [attribute: string]: any }} props
 */
function Units({ value, change, ...attributes }) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  /** @param {any} event */
  const leave = (event) => {
    change(event.target.value);
    setTyped(null);
  };
  return html`<input ...${attributes} type="number" min="0" max=${MOST} step="1" value=${typed ?? value}
    onInput=${(/** @type {any} */ event) => setTyped(event.target.value)} onChange=${leave} />`;
}

/** @param {string} text */
const within = (text) => Math.max(0, Math.min(MOST, Math.round(Number(text) || 0)));

/** @param {{ others: RoutingAgent[], team: string, reload: () => Promise<void> }} props */
function AddMember({ others, team, reload }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef(/** @type {HTMLElement | null} */ (null));
  const close = useCallback((/** @type {string} */ how) => {
    setOpen(false);
    if (how !== "away") anchor.current?.querySelector("button")?.focus();
  }, []);
  /** @param {string} id */
  const add = (id) => {
    close("chosen");
    const agent = others.find((one) => one.id === id);
    if (agent) changeStaff(id, { teams: [...agent.teams, team] }, reload);
  };
  const choices = [...others]
    .sort((a, b) => compare(a.name, b.name))
    .map((one) => ({ id: one.id, words: one.name, mark: html`<${Avatar} id=${one.id} name=${one.name} size="s" />` }));
  return html`<span class="anchor" ref=${anchor}><${Button} small icon="plus" aria-haspopup="listbox" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>${t("teams.member.add")}</${Button}>
    ${open && html`<${Popover} anchor=${anchor} close=${close} class="wide"><${Picker} label=${t("teams.member.add")} placeholder=${t("assign.find")} choices=${choices} chosen=${null} choose=${add} /></${Popover}>`}</span>`;
}

/** @param {{ setAll: (capacity: number) => unknown }} props */
function ForAll({ setAll }) {
  const [text, setText] = useState("10");
  return html`<span class="for-all"><label><span>${t("teams.capacity.all")}</span><input type="number" min="0" max=${MOST} step="1" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)} /></label>
    <${Button} small disabled=${text === ""} onClick=${() => setAll(within(text))}>${t("teams.capacity.set")}</${Button}></span>`;
}
