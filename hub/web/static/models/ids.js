// The ids a page makes for what it sends, so that sending again never sends twice.

/** 32 hexadecimal digits: 128 random bits. `crypto.randomUUID` is missing on plain http. */
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
