// A message as nodes: text stays text, and web addresses become links.
const ADDRESS = /\bhttps?:\/\/[^\s<>"]+|\bwww\.[^\s<>"]+\.[^\s<>"]+/gi;

/** @param {string} text @returns {(string | HTMLAnchorElement)[]} */
export function linked(text) {
  const nodes = [];
  let done = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const shown = trimmed(found[0]);
    const link = anchor(shown);
    if (!link) continue;
    nodes.push(text.slice(done, found.index), link);
    done = found.index + shown.length;
  }
  return [...nodes, text.slice(done)];
}

/** Without what ends the sentence around the address; a bracket stays if it was opened inside. @param {string} address */
function trimmed(address) {
  let end = address.length;
  while (/[.,;:!?'’”)\]]/.test(address[end - 1])) {
    if (address[end - 1] === ")" && address.slice(0, end).includes("(")) break;
    end--;
  }
  return address.slice(0, end);
}

/** @param {string} shown */
function anchor(shown) {
  const address = /^https?:/i.test(shown) ? shown : `https://${shown}`;
  if (!URL.canParse(address)) return null;
  const link = document.createElement("a");
  link.href = new URL(address).href;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  link.textContent = shown;
  return link;
}
