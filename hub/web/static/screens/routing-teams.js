/** @import { RoutingView, TeamView } from "../types.js" */
import { api, asProblem } from "../api.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { Empty } from "../components/empty.js";
import { SelectField, TextField } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { Members } from "../components/members.js";
import { compare, problemWords, t } from "../i18n.js";
import { kindWords } from "../models/channels.js";
import { asChanged } from "../models/staff.js";
import { toast } from "../models/toasts.js";
import { html, useState } from "../ui.js";
import { RoutingSettingsForm } from "./routing-settings.js";

const STRATEGIES = ["most_room", "longest_idle", "best_skill"];
const MODES = ["assign", "offer"];
const EVERYBODY = "*";
const EVERYWHERE = "**";

/** Teams, and how much their people can hold. @param {{ routing: RoutingView, reload: () => Promise<void> }} props */
export function RoutingTeams({ routing, reload }) {
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState("");
  const teams = [...routing.teams].sort((a, b) => compare(a.name, b.name));
  const turn = (/** @type {string} */ id) => () => setShown(shown === id ? "" : id);
  return html`<div class="routing-tab"><div class="column-wide">
    <header class="tab-head"><p>${t("teams.lead")}</p><${Button} icon="plus" onClick=${() => setAdding(true)}>${t("teams.add")}</${Button}></header>
    ${!teams.length && html`<${Empty} icon="users" title=${t("teams.empty")} text=${t("teams.empty.text")} />`}
    <ul class="cards">
      ${teams.map((team) => html`<${Card} key=${team.id} team=${team} routing=${routing} reload=${reload} open=${shown === team.id} turn=${turn(team.id)} />`)}
      <li class="card"><${Head} icon="all" name=${t("teams.everybody")} about=${t("teams.people", { count: routing.agents.length })} open=${shown === EVERYBODY} turn=${turn(EVERYBODY)} />
        ${shown === EVERYBODY && html`<div class="card-body"><${Members} people=${routing.agents.map(asChanged)} routing=${routing} reload=${reload} /></div>`}</li>
      <li class="card"><${Head} icon="store" name=${t("routing.settings")} about=${t("routing.settings.about")} open=${shown === EVERYWHERE} turn=${turn(EVERYWHERE)} />
        ${shown === EVERYWHERE && html`<${RoutingSettingsForm} routing=${routing} reload=${reload} />`}</li>
    </ul>
    ${adding && html`<${AddTeam} reload=${reload} close=${() => setAdding(false)} added=${setShown} />`}
  </div></div>`;
}

/** @param {{ icon: string, name: string, about: string, open: boolean, turn: () => void }} props */
function Head({ icon, name, about, open, turn }) {
  return html`<button type="button" class="card-head" aria-expanded=${String(open)} onClick=${turn}><span class="tile"><${Icon} name=${icon} /></span>
    <span class="grow"><b title=${name}>${name}</b><small title=${about}>${about}</small></span><${Icon} name="down" small class="turn" /></button>`;
}

/** @param {{ team: TeamView, routing: RoutingView, reload: () => Promise<void>, open: boolean, turn: () => void }} props */
function Card({ team, routing, reload, open, turn }) {
  const about = [
    t("teams.people", { count: team.agents }),
    t(`teams.strategy.${team.strategy}`),
    t(`teams.mode.${team.mode}`),
    routing.hours.find((one) => one.id === team.hours)?.name,
  ];
  return html`<li class="card"><${Head} icon="users" name=${team.name} about=${about.filter(Boolean).join(" · ")} open=${open} turn=${turn} />
    ${open && html`<${TeamForm} team=${team} routing=${routing} reload=${reload} />`}</li>`;
}

/** Each field is saved when it is left. @param {{ team: TeamView, routing: RoutingView, reload: () => Promise<void> }} props */
function TeamForm({ team, routing, reload }) {
  const [name, setName] = useState(team.name);
  /** @param {() => Promise<unknown>} act @param {string} [said] */
  const run = async (act, said = t("saved")) => {
    try {
      await act();
      toast(said);
    } catch (error) {
      toast(problemWords(asProblem(error)), { tone: "bad" });
    }
    await reload();
  };
  /** @param {Parameters<typeof api.changeTeam>[1]} change */
  const save = (change) => run(() => api.changeTeam(team.id, change));
  const hours = [
    { value: "", words: t("teams.hours.company") },
    ...routing.hours.map((one) => ({ value: one.id, words: one.name })),
  ];
  const inside = routing.agents.map(asChanged).filter((one) => one.teams.includes(team.id));
  return html`<div class="card-body team-form">
    <div class="pair">
      <${TextField} label=${t("field.name")} value=${name} change=${setName} maxlength="80" autocomplete="off" onBlur=${() => name.trim() && name !== team.name && save({ name: name.trim() })} />
      <${SelectField} label=${t("teams.hours")} value=${team.hours ?? ""} change=${(/** @type {string} */ id) => save({ hours: id || null })} options=${hours} />
      <${SelectField} label=${t("teams.strategy")} value=${team.strategy} change=${(/** @type {any} */ strategy) => save({ strategy })} options=${STRATEGIES.map((one) => ({ value: one, words: t(`teams.strategy.${one}`) }))} />
      <${SelectField} label=${t("teams.mode")} value=${team.mode} change=${(/** @type {any} */ mode) => save({ mode })} options=${MODES.map((one) => ({ value: one, words: t(`teams.mode.${one}`) }))} />
    </div>
    <${Weights} team=${team} routing=${routing} save=${save} />
    <${Members} team=${team.id} people=${inside} routing=${routing} reload=${reload} setAll=${(/** @type {number} */ capacity) => save({ capacity })} />
    <div class="buttons end"><${Button} kind="bad" icon="trash" onClick=${() => run(() => api.removeTeam(team.id), t("removed", { name: team.name }))}>${t("teams.remove")}</${Button}></div>
  </div>`;
}

/** @param {{ team: TeamView, routing: RoutingView, save: (change: { weights: Record<string, number> }) => unknown }} props */
function Weights({ team, routing, save }) {
  const kinds = [...new Set([...routing.channels.map((one) => one.kind), ...Object.keys(team.weights)])];
  /** @param {string} kind @param {string} text */
  const set = (kind, text) => {
    const { [kind]: _before, ...others } = team.weights;
    save({ weights: text === "" ? others : { ...others, [kind]: Number(text) } });
  };
  return html`<fieldset class="weights"><legend>${t("teams.weights")}</legend><p class="hint">${t("teams.weights.hint")}</p><div class="number-row">
    ${kinds.map(
      (kind) => html`<label key=${kind}><span>${kindWords(kind)}</span>
        <input type="number" min="0" max="100" step="1" value=${team.weights[kind] ?? ""} placeholder=${routing.settings.weights[kind] ?? 1} onChange=${(/** @type {any} */ event) => set(kind, event.target.value)} /></label>`,
    )}</div></fieldset>`;
}

/** @param {{ reload: () => Promise<void>, close: () => void, added: (id: string) => void }} props */
function AddTeam({ reload, close, added }) {
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState("");
  /** @param {SubmitEvent} event */
  const add = async (event) => {
    event.preventDefault();
    try {
      const made = await api.addTeam({ name: name.trim() });
      await reload();
      toast(t("saved"));
      added(made.id);
      close();
    } catch (error) {
      setWrong(problemWords(asProblem(error)));
    }
  };
  return html`<${Dialog} title=${t("teams.add")} close=${close}><form class="stack" onSubmit=${add}>
    <${TextField} label=${t("field.name")} value=${name} change=${setName} error=${wrong || null} required maxlength="80" autocomplete="off" data-first />
    <div class="buttons end"><${Button} kind="quiet" onClick=${close}>${t("cancel")}</${Button}><${Button} kind="primary" type="submit">${t("add")}</${Button}></div>
  </form></${Dialog}>`;
}
