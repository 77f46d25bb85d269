import { matches, t } from "../i18n.js";
import { html, useEffect, useId, useRef, useState } from "../ui.js";
import { Icon } from "./icon.js";

const MOST_SHOWN = 200;

/**
 * @typedef {object} Choice
 * @property {string} id
 * @property {string} words
 * @property {string} [more] said beside it, searched too
 * @property {any} [mark] drawn before it
 */

/**
 * A list that typing narrows; arrows move, Enter takes. `extra` makes one more choice of what was typed, at the end.
 * @param {{ label: string, choices: Choice[], chosen: string | null, choose: (id: string) => void, placeholder: string,
 *   extra?: (word: string) => Choice | null, none?: string }} props none: said where nothing fits
 */
export function Picker({ label, choices, chosen, choose, placeholder, extra, none }) {
  const id = useId();
  const [word, setWord] = useState("");
  const listbox = useRef(/** @type {HTMLElement | null} */ (null));
  const fitting = choices.filter((one) => matches(`${one.words} ${one.more ?? ""}`, word)).slice(0, MOST_SHOWN);
  const own = word.trim() && extra ? extra(word.trim()) : null;
  const found = own ? [...fitting, own] : fitting;
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      choices.findIndex((one) => one.id === chosen),
    ),
  );
  const active = Math.min(at, found.length - 1);

  useEffect(() => {
    listbox.current?.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" });
  }, [active, word]);

  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: found.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setAt((to + found.length) % (found.length || 1));
    } else if (event.key === "Enter" && found[active]) {
      event.preventDefault();
      choose(found[active].id);
    }
  };
  return html`<div class="picker">
    <label class="find"><${Icon} name="search" small /><span class="unseen">${label}</span>
      <input type="text" role="combobox" aria-expanded="true" aria-controls=${id} autocomplete="off"
        spellcheck=${false} aria-activedescendant=${found[active] ? `${id}-${active}` : undefined} aria-autocomplete="list"
        placeholder=${placeholder} value=${word} onKeyDown=${keys}
        onInput=${(/** @type {any} */ event) => {
          setWord(event.target.value);
          setAt(0);
        }} />
    </label>
    <div role="listbox" id=${id} aria-label=${label} ref=${listbox} tabindex="-1">
      ${found.map(
        (one, i) => html`<div role="option" key=${one.id} id=${`${id}-${i}`} aria-selected=${String(one.id === chosen)}
          data-active=${i === active ? "" : undefined} onClick=${() => choose(one.id)} onPointerMove=${() => i !== active && setAt(i)}>
          ${one.mark}<span title=${one.words}>${one.words}</span>${one.more && html`<small>${one.more}</small>`}
          ${one.id === chosen && html`<${Icon} name="check" small class="tick" />`}
        </div>`,
      )}
    </div>
    ${!found.length && html`<p class="none" role="status">${none ?? t("picker.none")}</p>`}
  </div>`;
}
