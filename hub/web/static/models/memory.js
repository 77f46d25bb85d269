// What this browser remembers. Storage may be full or forbidden: then it is forgotten with the page, and nothing breaks.

const PREFIX = "hub.";

/**
 * @template T
 * @param {string} name
 * @param {T} otherwise
 * @returns {T}
 */
export function recall(name, otherwise) {
  try {
    const kept = localStorage.getItem(PREFIX + name);
    return kept === null ? otherwise : JSON.parse(kept);
  } catch {
    return otherwise;
  }
}

/**
 * @param {string} name
 * @param {unknown} value undefined forgets it
 * @returns {boolean} whether it is kept
 */
export function keep(name, value) {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Plain words, as early.js reads them. @param {string} name @param {string | null} word */
export function keepWord(name, word) {
  try {
    if (word === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, word);
  } catch {
    // Forgotten with the page.
  }
}

/** @param {string} name @returns {string | null} */
export function recallWord(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}
