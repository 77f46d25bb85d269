import { t } from "../i18n.js";
import { html, useCallback, useId, useRef, useState } from "../ui.js";
import { IconButton } from "./button.js";
import { Icon } from "./icon.js";
import { Picker } from "./picker.js";
import { Popover } from "./popover.js";

/**
 * A labelled field: the hint says what is expected, the error what is wrong with what stands there.
 * @param {{ label: string, hint?: string, error?: string | null, children: (attributes: Record<string, any>) => any }} props
 */
export function Field({ label, hint, error, children }) {
  const id = useId();
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return html`<div class="field">
    <label for=${id} id=${`${id}-label`}>${label}</label>
    ${children({ id, "aria-describedby": about, "aria-invalid": error ? "true" : undefined })}
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${error && html`<p class="error" id=${`${id}-error`}><${Icon} name="error" small />${error}</p>`}
  </div>`;
}

/**
 * @param {{ label: string, value: string, change: (value: string) => void, hint?: string, error?: string | null, type?: string,
 *   [attribute: string]: any }} props
 */
export function TextField({ label, value, change, hint, error, type = "text", ...attributes }) {
  return html`<${Field} label=${label} hint=${hint} error=${error}>
    ${(/** @type {any} */ own) =>
      html`<input ...${own} ...${attributes} type=${type} value=${value} onInput=${(/** @type {any} */ event) => change(event.target.value)} />`}
  </${Field}>`;
}

/**
 * A password that can be looked at.
 * @param {{ label: string, value: string, change: (value: string) => void, hint?: string, error?: string | null, [attribute: string]: any }} props
 */
export function PasswordField({ label, value, change, hint, error, ...attributes }) {
  const [shown, setShown] = useState(false);
  return html`<${Field} label=${label} hint=${hint} error=${error}>
    ${(/** @type {any} */ own) => html`<span class="with-button">
      <input ...${own} ...${attributes} type=${shown ? "text" : "password"} value=${value} spellcheck=${false} autocapitalize="off"
        onInput=${(/** @type {any} */ event) => change(event.target.value)} />
      <${IconButton} icon="eye" label=${t(shown ? "password.hide" : "password.show")} aria-pressed=${String(shown)}
        onClick=${() => setShown(!shown)} />
    </span>`}
  </${Field}>`;
}

/**
 * @param {{ label: string, value: string, change: (value: string) => void, options: { value: string, words: string }[], hint?: string,
 *   error?: string | null, [attribute: string]: any }} props
 */
export function SelectField({ label, value, change, options, hint, error, ...attributes }) {
  return html`<${Field} label=${label} hint=${hint} error=${error}>
    ${(/** @type {any} */ own) => html`<${Select} ...${own} ...${attributes} value=${value} change=${change} options=${options} />`}
  </${Field}>`;
}

/** @param {{ value: string, change: (value: string) => void, options: { value: string, words: string }[], [attribute: string]: any }} props */
export function Select({ value, change, options, ...attributes }) {
  return html`<span class="select"><select ...${attributes} value=${value} onChange=${(/** @type {any} */ event) => change(event.target.value)}>
    ${options.map((one) => html`<option key=${one.value} value=${one.value} selected=${one.value === value}>${one.words}</option>`)}
  </select><${Icon} name="down" small /></span>`;
}

/**
 * One of many, found by typing.
 * @param {{ label: string, value: string, change: (value: string) => void, choices: import("./picker.js").Choice[], placeholder: string,
 *   hint?: string, error?: string | null }} props
 */
export function SearchField({ label, value, change, choices, placeholder, hint, error }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef(/** @type {HTMLElement | null} */ (null));
  const close = useCallback((/** @type {string} */ how) => {
    setOpen(false);
    if (how !== "away") anchor.current?.querySelector("button")?.focus();
  }, []);
  const now = choices.find((one) => one.id === value);
  /** @param {string} id */
  const choose = (id) => {
    change(id);
    close("chosen");
  };
  return html`<${Field} label=${label} hint=${hint} error=${error}>
    ${(/** @type {any} */ own) => html`<span class="anchor" ref=${anchor}>
      <button type="button" class="chooser" ...${own} aria-labelledby=${`${own.id}-label ${own.id}`} aria-haspopup="listbox" aria-expanded=${String(open)}
        onClick=${() => setOpen(!open)}><span>${now?.words}</span><small>${now?.more}</small><${Icon} name="down" small /></button>
      ${
        open &&
        html`<${Popover} anchor=${anchor} close=${close} class="as-wide">
          <${Picker} label=${label} choices=${choices} chosen=${value} choose=${choose} placeholder=${placeholder} />
        </${Popover}>`
      }
    </span>`}
  </${Field}>`;
}

/** @param {{ label: string, on: boolean, change: (on: boolean) => void, hint?: string }} props */
export function Switch({ label, on, change, hint }) {
  return html`<button type="button" class="switch" role="switch" aria-checked=${String(on)} onClick=${() => change(!on)}>
    <span><b>${label}</b>${hint && html`<small>${hint}</small>`}</span><i aria-hidden="true"></i>
  </button>`;
}
