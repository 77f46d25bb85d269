import { api, asProblem, Problem } from "../api.js";
import { Button } from "../components/button.js";
import { PasswordField, SearchField, SelectField, TextField } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { faultWords, LANGUAGES, language, problemWords, speak, t } from "../i18n.js";
import { begin } from "../models/session.js";
import { timeZones } from "../models/zones.js";
import { html, useMemo, useRef, useState } from "../ui.js";
import { Door } from "./door.js";

const SHORTEST_PASSWORD = 10;
const INSIDE = "/inbox/waiting";

export function SetupScreen() {
  const token = location.hash.slice(1);
  if (!token) return html`<${Door} title=${t("setup.no_token.title")} lead=${t("setup.no_token.text")} />`;
  return html`<${Door} title=${t("setup.title")} lead=${t("setup.lead")} wide>
    <${DemoChoice} token=${token} />
    <${CompanyForm} token=${token} />
  </${Door}>`;
}

/** @param {{ token: string }} props */
function DemoChoice({ token }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const look = async () => {
    setBusy(true);
    try {
      await begin(await api.startDemo({ token, language: language.peek() }), INSIDE);
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return html`<section class="look-around"><span class="tile"><${Icon} name="store" /></span>
    <div><h2>${t("setup.demo.title")}</h2><p>${t("setup.demo.text")}</p>
      ${problem && html`<p class="error" role="alert">${problemWords(problem)}</p>`}</div>
    <${Button} onClick=${look} busy=${busy}>${t("setup.demo.go")}</${Button}></section>
    <p class="or"><span>${t("setup.or")}</span></p>`;
}

/** @param {{ token: string }} props */
function CompanyForm({ token }) {
  const [values, setValues] = useState(() => ({
    company: "",
    time_zone: hereZone(),
    name: "",
    email: "",
    password: "",
  }));
  const [problem, setProblem] = useState(/** @type {Problem | null} */ (null));
  const [busy, setBusy] = useState(false);
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const zones = useMemo(() => timeZones(values.time_zone), [language.value]);
  /** @param {keyof typeof values} field */
  const set = (field) => (/** @type {string} */ value) => setValues((now) => ({ ...now, [field]: value }));
  /** @param {string} field */
  const wrong = (field) => faultWords(problem, field);

  /** @param {SubmitEvent} event */
  const setUp = async (event) => {
    event.preventDefault();
    if (busy) return;
    if ([...values.password].length < SHORTEST_PASSWORD)
      return refuse(new Problem("password_too_short", { params: { least: SHORTEST_PASSWORD } }));
    setBusy(true);
    try {
      await begin(await api.setUp({ token, ...values, email: values.email.trim(), language: language.peek() }), INSIDE);
    } catch (error) {
      refuse(asProblem(error));
    }
  };
  /** @param {Problem} why */
  const refuse = (why) => {
    setBusy(false);
    setProblem(why);
    requestAnimationFrame(() =>
      /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector("[aria-invalid=true]"))?.focus(),
    );
  };
  const general =
    problem && problem.code !== "password_too_short" && !problem.fields.some((one) => one.field in values);
  const long = [...values.password].length >= SHORTEST_PASSWORD;
  return html`<form ref=${form} onSubmit=${setUp} class="stack" aria-label=${t("setup.form")}>
    <fieldset><legend>${t("setup.company")}</legend>
      <${TextField} label=${t("field.company")} value=${values.company} change=${set("company")} error=${wrong("company")} required maxlength="120" autocomplete="organization" />
      <div class="pair">
        <${SearchField} label=${t("field.time_zone")} value=${values.time_zone} change=${set("time_zone")} choices=${zones} placeholder=${t("field.time_zone.find")} error=${wrong("time_zone")} />
        <${SelectField} label=${t("field.language")} value=${language.value} change=${speak} options=${LANGUAGES.map(({ code, name }) => ({ value: code, words: name }))} />
      </div></fieldset>
    <fieldset><legend>${t("setup.you")}</legend>
      <div class="pair">
        <${TextField} label=${t("field.name")} value=${values.name} change=${set("name")} error=${wrong("name")} required maxlength="120" autocomplete="name" />
        <${TextField} label=${t("field.email")} type="email" value=${values.email} change=${set("email")} error=${wrong("email")} required autocomplete="username" autocapitalize="off" spellcheck=${false} />
      </div>
      <${PasswordField} label=${t("field.password")} value=${values.password} change=${set("password")} required autocomplete="new-password"
        error=${wrong("password") ?? (problem?.code === "password_too_short" ? problemWords(problem) : null)} />
      ${problem?.code !== "password_too_short" && html`<p class=${`rule ${long ? "met" : ""}`}><${Icon} name=${long ? "check" : "dashed"} small />${t("password.rule", { least: SHORTEST_PASSWORD })}</p>`}
    </fieldset>
    ${general && html`<p class="notice bad" role="alert"><${Icon} name="error" small />${problemWords(problem)}</p>`}
    <${Button} kind="primary" type="submit" busy=${busy} class="big">${t("setup.go")}</${Button}>
  </form>`;
}

/** The browser's time zone. */
function hereZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "America/Sao_Paulo";
}
