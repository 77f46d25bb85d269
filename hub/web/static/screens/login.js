import { api, asProblem } from "../api.js";
import { Button } from "../components/button.js";
import { PasswordField, TextField } from "../components/field.js";
import { Icon } from "../components/icon.js";
import { problemWords, t } from "../i18n.js";
import { begin, company } from "../models/session.js";
import { html, useRef, useState } from "../ui.js";
import { Door } from "./door.js";

export function LoginScreen() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {import("../api.js").Problem | null} */ (null));
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));

  /** @param {SubmitEvent} event */
  const signIn = async (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      await begin(await api.signIn({ email: email.trim(), password }));
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
      /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector("[type=password]"))?.focus();
    }
  };
  return html`<${Door} title=${t("login.title")} lead=${company.value?.name}>
    <form ref=${form} onSubmit=${signIn} class="stack">
      ${problem && html`<p class="notice bad" role="alert"><${Icon} name="error" small />${problemWords(problem)}</p>`}
      <${TextField} label=${t("field.email")} type="email" value=${email} change=${setEmail} autocomplete="username" required autofocus autocapitalize="off" spellcheck=${false} />
      <${PasswordField} label=${t("field.password")} value=${password} change=${setPassword} autocomplete="current-password" required />
      <${Button} kind="primary" type="submit" busy=${busy} class="big">${t("login.go")}</${Button}>
    </form>
    <p class="aside">${t("login.forgotten")}</p>
  </${Door}>`;
}
