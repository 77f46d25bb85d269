import { Logo } from "../components/icon.js";
import { LANGUAGES, language, speak, t } from "../i18n.js";
import { html } from "../ui.js";

/** The frame of the pages before one is in. @param {{ title: string, lead?: string, wide?: boolean, children?: any }} props */
export function Door({ title, lead, wide, children }) {
  return html`<div class="door">
    <div class="tiles" aria-hidden="true"></div>
    <main class=${wide ? "wide" : ""}>
      <header><${Logo} /><span>Balcão</span>
        <div class="tongues" role="group" aria-label=${t("profile.language")}>${LANGUAGES.map(
          ({ code, name }) =>
            html`<button type="button" key=${code} lang=${code} aria-pressed=${String(language.value === code)} title=${name} onClick=${() => speak(code)}>${code === "en" ? "English" : "Português"}</button>`,
        )}</div></header>
      <h1>${title}</h1>${lead && html`<p class="lead">${lead}</p>`}
      ${children}
    </main>
  </div>`;
}
