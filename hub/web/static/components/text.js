import { t } from "../i18n.js";
import { html, useState } from "../ui.js";

const LINK = /\bhttps?:\/\/[^\s<>"']+/g;
const AFTER_LINK = /[.,;:!?)\]}…]+$/;
const QUOTED = /^\s*>/;

/** A message's words, as text: links can be followed, what is quoted at the end is folded. @param {{ text: string }} props */
export function Text({ text }) {
  const [unfolded, setUnfolded] = useState(false);
  const { own, quoted } = fold(text);
  return html`<div class="text">${linked(own)}</div>
    ${
      quoted &&
      html`<button type="button" class="quote" aria-expanded=${String(unfolded)} aria-label=${t(unfolded ? "quote.hide" : "quote.show")}
        title=${t(unfolded ? "quote.hide" : "quote.show")} onClick=${() => setUnfolded(!unfolded)}>•••</button>`
    }
    ${quoted && unfolded && html`<blockquote class="text">${linked(quoted)}</blockquote>`}`;
}

/**
 * The own words and the quote that they end with (with its "On Tuesday … wrote:").
 * @param {string} text
 */
export function fold(text) {
  const lines = text.trimEnd().split("\n");
  let from = lines.length;
  while (from > 0 && (QUOTED.test(lines[from - 1]) || !lines[from - 1].trim())) from--;
  const quotes = lines.slice(from).some((line) => QUOTED.test(line));
  if (!quotes || from === 0) return { own: text.trim(), quoted: "" };
  if (/:\s*$/.test(lines[from - 1]) && lines[from - 1].length < 160) from--;
  const own = lines.slice(0, from).join("\n").trim();
  return own ? { own, quoted: lines.slice(from).join("\n").trim() } : { own: text.trim(), quoted: "" };
}

/** @param {string} text */
function linked(text) {
  const parts = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    const address = match[0].replace(AFTER_LINK, "");
    parts.push(text.slice(done, match.index));
    parts.push(html`<a href=${address} target="_blank" rel="noopener noreferrer nofollow">${address}</a>`);
    done = match.index + address.length;
  }
  parts.push(text.slice(done));
  return parts;
}
