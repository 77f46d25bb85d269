import { t } from "../i18n.js";
import { html, useRef, useState } from "../ui.js";
import { Icon } from "./icon.js";

/**
 * A list of words or phrases, each on its own: Enter, a comma or leaving the field adds what was typed.
 * @param {{ values: string[], change: (values: string[]) => void, label: string, placeholder: string, wrong?: boolean,
 *   about?: string, suggestions?: string[] }} props
 */
export function WordsField({ values, change, label, placeholder, wrong, about, suggestions }) {
  const [typed, setTyped] = useState("");
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  /** @param {string} text */
  const add = (text) => {
    const fresh = wordsIn(text).filter((word, i, all) => !values.includes(word) && all.indexOf(word) === i);
    setTyped("");
    if (fresh.length) change([...values, ...fresh]);
  };
  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      add(typed);
    } else if (event.key === "Backspace" && !typed && values.length) {
      event.preventDefault();
      change(values.slice(0, -1));
    }
  };
  /** @param {any} event */
  const type = (event) => {
    const text = event.target.value;
    if (/[,;\n]/.test(text)) add(text);
    else setTyped(text);
  };
  /** @param {string} word */
  const remove = (word) => {
    change(values.filter((one) => one !== word));
    input.current?.focus();
  };
  const id = `${about ?? "words"}-known`;
  return html`<span class=${`words-field ${wrong ? "wrong" : ""}`} role="group" aria-label=${label} onClick=${() => input.current?.focus()}>
    ${values.map(
      (
        word,
      ) => html`<span class="word" key=${word}><span>${word}</span><button type="button" aria-label=${t("rule.value.remove", { value: word })}
        onClick=${(/** @type {Event} */ event) => {
          event.stopPropagation();
          remove(word);
        }}><${Icon} name="x" small /></button></span>`,
    )}
    <input ref=${input} type="text" aria-label=${label} aria-invalid=${wrong ? "true" : undefined} aria-describedby=${wrong ? about : undefined} autocomplete="off"
      list=${suggestions?.length ? id : undefined} placeholder=${values.length ? "" : placeholder} value=${typed} onInput=${type} onKeyDown=${keys} onBlur=${() => add(typed)} />
    ${suggestions?.length ? html`<datalist id=${id}>${suggestions.map((one) => html`<option key=${one} value=${one}></option>`)}</datalist>` : null}
  </span>`;
}

/** @param {string} text */
function wordsIn(text) {
  return text
    .split(/[,;\n]/)
    .map((word) => word.trim().replace(/\s+/g, " "))
    .filter(Boolean);
}
