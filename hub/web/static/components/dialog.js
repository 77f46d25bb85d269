import { t } from "../i18n.js";
import { html, useId, useLayoutEffect, useRef } from "../ui.js";
import { IconButton } from "./button.js";

/**
 * A dialog that has the page to itself until it is closed; the focus goes back to where it was.
 * @param {{ title: string, close: () => void, wide?: boolean, children?: any }} props
 */
export function Dialog({ title, close, wide, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  useLayoutEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    const dialog = /** @type {HTMLDialogElement} */ (box.current);
    dialog.showModal();
    const wanted = /** @type {HTMLElement | null} */ (dialog.querySelector("[data-first]"));
    (wanted ?? dialog).focus();
    return () => before?.focus();
  }, []);
  /** @param {MouseEvent} event */
  const outside = (event) => {
    if (event.target === box.current) close();
  };
  /** @param {Event} event */
  const cancel = (event) => {
    event.preventDefault();
    close();
  };
  return html`<dialog ref=${box} tabindex="-1" class=${wide ? "wide" : ""} aria-labelledby=${id} onCancel=${cancel} onMouseDown=${outside}>
    <header><h2 id=${id}>${title}</h2><${IconButton} icon="x" label=${t("close")} onClick=${close} /></header>
    <div class="inside">${children}</div>
  </dialog>`;
}
