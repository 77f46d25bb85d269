import { t } from "../i18n.js";
import { say } from "../models/toasts.js";
import { html, useRef, useState } from "../ui.js";
import { Button } from "./button.js";

const SAYS_COPIED_MS = 1800;

/** Text to be taken elsewhere, with a button that copies it. @param {{ label: string, text: string }} props */
export function CopyBox({ label, text }) {
  const [copied, setCopied] = useState(false);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const copy = async () => {
    if (!(await toClipboard(text))) return select(box.current);
    setCopied(true);
    say(t("copy.done"));
    setTimeout(() => setCopied(false), SAYS_COPIED_MS);
  };
  return html`<div class="copy">
    <pre ref=${box} tabindex="0" role="region" aria-label=${label}><code>${text}</code></pre>
    <${Button} small icon=${copied ? "check" : "copy"} onClick=${copy}>${t(copied ? "copy.done" : "copy")}</${Button}>
  </div>`;
}

/** The clipboard is only there on https and localhost. @param {string} text */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Else it is marked, for Ctrl C. @param {HTMLElement | null} element */
function select(element) {
  if (element) getSelection()?.selectAllChildren(element);
}
