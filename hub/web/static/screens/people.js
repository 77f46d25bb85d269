/** @import { Role, User } from "../types.js" */
import { asProblem, Problem } from "../api.js";
import { Avatar } from "../components/avatar.js";
import { Button, IconButton } from "../components/button.js";
import { Chip } from "../components/chip.js";
import { Dialog } from "../components/dialog.js";
import { PasswordField, Select, SelectField, Switch, TextField } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { Menu } from "../components/menu.js";
import { Trouble } from "../components/trouble.js";
import { faultWords, problemWords, t } from "../i18n.js";
import { addPerson, changePerson, loadPeople, people, peopleProblem } from "../models/people.js";
import { online } from "../models/presence.js";
import { changeCompany, company, loadCompany, me } from "../models/session.js";
import { toast } from "../models/toasts.js";
import { html, useEffect, useState } from "../ui.js";
import { Page } from "./page.js";

const SHORTEST_PASSWORD = 10;
/** @type {readonly Role[]} */
const ROLES = ["agent", "supervisor", "admin"];

export function PeopleScreen() {
  const [adding, setAdding] = useState(false);
  const [renewing, setRenewing] = useState(/** @type {User | null} */ (null));
  useEffect(() => {
    loadPeople();
    loadCompany().catch(asProblem); // the switch shows what was known
  }, []);
  const all = people.value;
  const problem = peopleProblem.value;
  return html`<${Page} settings title=${t("settings.people")} lead=${t("people.lead")}
      action=${html`<div class="buttons"><a class="btn" href="/routing/teams"><${Icon} name="route" /><span>${t("people.routing")}</span></a><${Button} kind="primary" icon="plus" onClick=${() => setAdding(true)}>${t("people.add")}</${Button}></div>`}>
    ${!all && problem && html`<${Trouble} problem=${problem} again=${loadPeople} />`}
    ${all && html`<ul class="cards people">${all.map((one) => html`<${PersonCard} key=${one.id} user=${one} renew=${() => setRenewing(one)} />`)}</ul><${SeeAll} />`}
    ${adding && html`<${AddPerson} close=${() => setAdding(false)} />`}
    ${renewing && html`<${NewPassword} user=${renewing} close=${() => setRenewing(null)} />`}
  </${Page}>`;
}

/** Whether a team is also a wall. */
function SeeAll() {
  const on = company.value?.agents_see_all ?? true;
  const change = async (/** @type {boolean} */ agents_see_all) => {
    try {
      await changeCompany({ agents_see_all });
      toast(t("saved"));
    } catch (error) {
      toast(problemWords(asProblem(error)), { tone: "bad" });
    }
  };
  return html`<div class="cards see-all"><${Switch} label=${t("people.see_all")} hint=${t("people.see_all.hint")} on=${on} change=${change} /></div>`;
}

const roleOptions = () => ROLES.map((role) => ({ value: role, words: t(`role.${role}`) }));

/** @param {{ user: User, renew: () => void }} props */
function PersonCard({ user, renew }) {
  const mine = user.id === me.value?.id;
  /** @param {Parameters<typeof changePerson>[1]} change @param {string} words */
  const save = async (change, words) => {
    try {
      await changePerson(user.id, change);
      toast(words);
    } catch (error) {
      toast(problemWords(asProblem(error)), { tone: "bad" });
      loadPeople();
    }
  };
  const items = [
    { words: t("people.new_password"), icon: "key", run: renew },
    ...(mine
      ? []
      : [
          {
            words: t(user.disabled ? "people.enable" : "people.disable"),
            icon: "power",
            run: () =>
              save(
                { disabled: !user.disabled },
                t(user.disabled ? "people.enabled" : "people.disabled", { name: user.name }),
              ),
          },
        ]),
  ];
  return html`<li class=${`card person-card ${user.disabled ? "off" : ""}`}>
    <${Avatar} id=${user.id} name=${user.name} online=${user.disabled ? null : online.value.has(user.id)} />
    <div class="grow"><b title=${user.name}>${user.name}${mine && html` <span class="muted">${t("people.you")}</span>`}</b><small title=${user.email}>${user.email}</small></div>
    ${user.disabled && html`<${Chip} icon="power">${t("people.is_disabled")}</${Chip}>`}
    ${mine ? html`<span class="muted role">${t(`role.${user.role}`)}</span>` : html`<${Select} value=${user.role} aria-label=${t("people.role_of", { name: user.name })} change=${(/** @type {Role} */ role) => save({ role }, t("saved"))} options=${roleOptions()} />`}
    <${Menu} label=${t("people.more", { name: user.name })} groups=${[{ items }]} align="end" button=${(/** @type {any} */ attributes) => html`<${IconButton} ...${attributes} icon="more" label=${t("people.more", { name: user.name })} />`} />
  </li>`;
}

/** @param {{ close: () => void }} props */
function AddPerson({ close }) {
  const [values, setValues] = useState({ name: "", email: "", role: "agent", password: "" });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  /** @param {keyof typeof values} field */
  const set = (field) => (/** @type {string} */ value) => setValues((now) => ({ ...now, [field]: value }));
  /** @param {SubmitEvent} event */
  const add = async (event) => {
    event.preventDefault();
    if ([...values.password].length < SHORTEST_PASSWORD) return setProblem(tooShort());
    setBusy(true);
    try {
      await addPerson({ ...values, email: values.email.trim() });
      toast(t("people.added", { name: values.name }));
      close();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  /** @param {string} field @param {string} [code] */
  const wrong = (field, code) =>
    problem && problem.code === code ? problemWords(problem) : faultWords(problem, field);
  const general = problem && !["password_too_short", "email_taken"].includes(problem.code) && !problem.fields.length;
  return html`<${Dialog} title=${t("people.add")} close=${close}><form class="stack" onSubmit=${add}>
    ${general && html`<p class="notice bad" role="alert"><${Icon} name="error" small />${problemWords(problem)}</p>`}
    <${TextField} label=${t("field.name")} value=${values.name} change=${set("name")} error=${wrong("name")} required maxlength="120" autocomplete="off" data-first />
    <${TextField} label=${t("field.email")} type="email" value=${values.email} change=${set("email")} error=${wrong("email", "email_taken")} required autocomplete="off" />
    <${SelectField} label=${t("field.role")} value=${values.role} change=${set("role")} options=${roleOptions()} hint=${t(`role.${values.role}.text`)} />
    <${PasswordField} label=${t("people.first_password")} hint=${t("people.password.hint", { least: SHORTEST_PASSWORD })} value=${values.password} change=${set("password")} error=${wrong("password", "password_too_short")} required autocomplete="new-password" />
    <div class="buttons end"><${Button} kind="quiet" onClick=${close}>${t("cancel")}</${Button}><${Button} kind="primary" type="submit" busy=${busy}>${t("add")}</${Button}></div>
  </form></${Dialog}>`;
}

/** @param {{ user: User, close: () => void }} props */
function NewPassword({ user, close }) {
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  /** @param {SubmitEvent} event */
  const save = async (event) => {
    event.preventDefault();
    if ([...password].length < SHORTEST_PASSWORD) return setProblem(tooShort());
    setBusy(true);
    try {
      await changePerson(user.id, { password });
      toast(t("people.password_set", { name: user.name }));
      close();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${t("people.new_password_for", { name: user.name })} close=${close}><form class="stack" onSubmit=${save}>
    <${PasswordField} label=${t("field.password")} hint=${t("people.password.hint", { least: SHORTEST_PASSWORD })} value=${password} change=${setPassword} error=${problem && problemWords(problem)} required autocomplete="new-password" data-first />
    <div class="buttons end"><${Button} kind="quiet" onClick=${close}>${t("cancel")}</${Button}><${Button} kind="primary" type="submit" busy=${busy}>${t("save")}</${Button}></div>
  </form></${Dialog}>`;
}

function tooShort() {
  return new Problem("password_too_short", { params: { least: SHORTEST_PASSWORD } });
}
