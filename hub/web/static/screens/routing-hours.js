/** @import { HoursView, RoutingView } from "../types.js" */
import { api, asProblem } from "../api.js";
import { Button } from "../components/button.js";
import { Chip } from "../components/chip.js";
import { Dialog } from "../components/dialog.js";
import { Empty } from "../components/empty.js";
import { SearchField, TextField } from "../components/field.js";
import { Standing } from "../components/hours-words.js";
import { Icon } from "../components/icon.js";
import { problemWords, t } from "../i18n.js";
import { company } from "../models/session.js";
import { toast } from "../models/toasts.js";
import { timeZones } from "../models/zones.js";
import { html, useMemo, useState } from "../ui.js";
import { HoursForm } from "./routing-hours-form.js";

/** A working week to begin with. */
const OFFICE = Object.fromEntries(["1", "2", "3", "4", "5"].map((day) => [day, [{ start: 540, end: 1080 }]]));

/** When the company is open, and each team that keeps hours of its own. @param {{ routing: RoutingView, reload: () => Promise<void> }} props */
export function RoutingHours({ routing, reload }) {
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState("");
  return html`<div class="routing-tab"><div class="column-wide">
    <header class="tab-head"><p>${t("hours.lead")}</p><${Button} icon="plus" onClick=${() => setAdding(true)}>${t("hours.add")}</${Button}></header>
    ${!routing.hours.length && html`<${Empty} icon="clock" title=${t("hours.empty")} text=${t("hours.empty.text")} />`}
    ${
      routing.hours.length > 0 &&
      html`<ul class="cards">${routing.hours.map((one) => html`<${Card} key=${one.id} hours=${one} routing=${routing} reload=${reload} open=${shown === one.id} turn=${() => setShown(shown === one.id ? "" : one.id)} />`)}</ul>`
    }
    ${adding && html`<${Add} reload=${reload} close=${() => setAdding(false)} added=${setShown} />`}
  </div></div>`;
}

/** @param {{ hours: HoursView, routing: RoutingView, reload: () => Promise<void>, open: boolean, turn: () => void }} props */
function Card({ hours, routing, reload, open, turn }) {
  const teams = routing.teams.filter((team) => team.hours === hours.id).map((team) => team.name);
  const whole = routing.settings.hours === hours.id;
  const about = [hours.time_zone.replaceAll("_", " "), ...teams].join(" · ");
  return html`<li class="card"><button type="button" class="card-head" aria-expanded=${String(open)} onClick=${turn}>
      <span class="tile"><${Icon} name="clock" /></span><span class="grow"><b title=${hours.name}>${hours.name}</b><small title=${about}>${about}</small></span>
      ${whole && html`<${Chip} tone="blue" icon="store">${t("hours.company")}</${Chip}>`}<${Standing} hours=${hours} /><${Icon} name="down" small class="turn" /></button>
    ${open && html`<${HoursForm} hours=${hours} whole=${whole} reload=${reload} />`}</li>`;
}

/** @param {{ reload: () => Promise<void>, close: () => void, added: (id: string) => void }} props */
function Add({ reload, close, added }) {
  const [name, setName] = useState("");
  const [zone, setZone] = useState(company.value?.time_zone ?? "UTC");
  const [wrong, setWrong] = useState("");
  const zones = useMemo(() => timeZones(zone), []);
  /** @param {SubmitEvent} event */
  const add = async (event) => {
    event.preventDefault();
    try {
      const made = await api.addHours({ name: name.trim(), time_zone: zone, week: OFFICE, holidays: [] });
      await reload();
      toast(t("saved"));
      added(made.id);
      close();
    } catch (error) {
      setWrong(problemWords(asProblem(error)));
    }
  };
  return html`<${Dialog} title=${t("hours.add")} close=${close}><form class="stack" onSubmit=${add}>
    <${TextField} label=${t("field.name")} value=${name} change=${setName} error=${wrong || null} required maxlength="80" autocomplete="off" data-first />
    <${SearchField} label=${t("field.time_zone")} value=${zone} change=${setZone} choices=${zones} placeholder=${t("field.time_zone.find")} />
    <div class="buttons end"><${Button} kind="quiet" onClick=${close}>${t("cancel")}</${Button}><${Button} kind="primary" type="submit">${t("add")}</${Button}></div>
  </form></${Dialog}>`;
}
