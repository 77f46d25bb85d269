import { toEnd } from "../components/composer.js";
import { draftOf, type, write } from "../models/drafts.js";
import { hereIn } from "../models/inbox.js";
import { go, place } from "../router.js";
import { useLayoutEffect, useRef } from "../ui.js";

/** @typedef {ReturnType<typeof useWriting>} Writing */

/**
 * Begins a reply or a note by a key. The conversation may still be on its way: what is typed until it comes goes with it.
 * @param {number | null} number of the open conversation
 * @param {import("../types.js").Row | null} row the same, once it is known
 * @param {{ current: HTMLTextAreaElement | null }} field
 */
export function useWriting(number, row, field) {
  const early = useRef(/** @type {{ number: number, tab: "reply" | "note", text: string } | null} */ (null));

  // Before the next key can come.
  useLayoutEffect(() => {
    const one = early.current;
    if (one && one.number !== number) early.current = null;
    if (!one || row?.number !== one.number) return;
    early.current = null;
    land(row, one.tab, one.text, field.current);
  });

  return {
    /** @param {"reply" | "note"} tab @param {number | null} to where j and k stand, if that is not open yet */
    begin(tab, to) {
      const wanted = to ?? number;
      if (wanted === null) return;
      if (row?.number === wanted) return land(row, tab, "", field.current);
      early.current = { number: wanted, tab, text: "" };
      if (wanted !== number) go(hereIn(place.peek().params.view ?? "mine", wanted), { replace: true });
    },

    /** Takes a key that belongs to a text begun too early. @param {KeyboardEvent} event @returns {boolean} */
    hears({ key }) {
      const one = early.current;
      if (!one) return false;
      if (key === "Escape") early.current = null;
      else if (key === "Backspace") one.text = one.text.slice(0, -1);
      else if (key === "Enter") one.text += "\n";
      else if (key.length === 1) one.text += key;
      else return false;
      return true;
    },
  };
}

/**
 * Into the field, after what stands there.
 * @param {import("../types.js").Row} row
 * @param {"reply" | "note"} tab
 * @param {string} text
 * @param {HTMLTextAreaElement | null} field
 */
function land(row, tab, text, field) {
  const draft = draftOf(row.id);
  const to = row.reach.length > 0 ? tab : "note";
  if (draft.peek().tab !== tab) write(row.id, { tab });
  if (text) type(row, to, draft.peek()[to] + text);
  if (text && field) field.value = draft.peek()[to]; // at once: the next key already adds to it
  toEnd(field);
}
