// What was said, what waits, and what was read. No DOM; `changed` is called after every change.
import { Link } from "./link.js";

/**
 * @typedef {{ id: string, at: number, mine: boolean, text: string, client?: string, name?: string, state?: string,
 *   automatic?: boolean }} Message
 * @typedef {{ id: string, at: number, text: string, failed?: string }} Waiting
 * @typedef {{ tell: (note: Record<string, unknown>) => void }} Host
 */

const PATIENCE = 120_000; // ms without an answer of somebody who is here
const TYPING_AGAIN = 3_000; // ms: how often "I am typing" is repeated; and an agent's is forgotten after twice that

export class Talk {
  /** @param {{ address: string, language: string, host: Host, kept: any, changed: () => void }} with_ */
  constructor({ address, language, host, kept, changed }) {
    this.language = language;
    this.host = host;
    this.changed = changed;
    /** @type {string | undefined} */
    this.token = kept.token;
    this.offered = ""; // a token that the hub gave and the loader has not confirmed
    /** @type {Map<string, Message>} */
    this.messages = new Map();
    /** @type {Waiting[]} */
    this.waiting = kept.waiting || [];
    this.asked = Boolean(kept.asked);
    this.claim = ""; // "" | "saving" | "saved" | "wrongEmail" | "later"
    this.seen = 0; // our messages up to here were read by an agent
    this.attended = false; // somebody could answer now
    this.ahead = 0; // ms that the hub's clock is ahead of ours
    /** @type {{ after: string, away: boolean } | null} */
    this.asking = null; // for an address, below this message; `away`: since nobody was here
    this.due = 0;
    this.isReading = false; // open, and on a visible page
    this.isWelcome = false; // the hub has answered on this socket
    this.isSlow = false; // the hub has asked to wait
    this.wasWelcome = false;
    this.typist = "";
    this.sending = ""; // the id that waits for its answer
    this.typedAt = 0;
    this.forget = 0;
    this.link = new Link(address, {
      opened: () => this.hello(),
      closed: () => this.lost(),
      heard: (frame) => this.hear(frame),
    });
  }

  // --- what the visitor does -------------------------------------------------------------------------------

  /** @param {string} text */
  say(text) {
    const message = { id: newId(), text, at: Date.now() };
    this.waiting.push(message);
    this.host.tell({ balcao: "wait", message });
    this.typedAt = 0;
    this.link.hurry();
    this.flush();
    this.changed();
  }

  /** Once more, what was refused. @param {string} id */
  repeat(id) {
    const message = this.waiting.find((one) => one.id === id);
    if (!message) return;
    message.failed = "";
    this.host.tell({ balcao: "wait", message });
    this.flush();
    this.changed();
  }

  /** @param {boolean} on */
  typing(on) {
    const now = Date.now();
    if (!this.isWelcome || !this.token || (on ? now - this.typedAt < TYPING_AGAIN : !this.typedAt)) return;
    this.typedAt = on ? now : 0;
    this.link.send({ type: "typing", on });
  }

  /** @param {string} name @param {string} email */
  leave(name, email) {
    this.claim = this.isWelcome ? "saving" : "later";
    this.link.ask({ type: "claim", name, email });
    this.changed();
  }

  dismiss() {
    this.asked = true;
    this.host.tell({ balcao: "asked" });
    this.changed();
  }

  /** @param {boolean} on */
  reading(on) {
    if (on === this.isReading) return;
    this.isReading = on;
    this.mark();
    this.changed();
  }

  /** The loader has the last word on the token: another tab may have been first to get one. @param {string} token */
  become(token) {
    if (token === this.token) return;
    this.token = token;
    if (this.sending === "token") this.sending = "";
    if (token === this.offered) this.flush();
    else if (this.isWelcome) this.hello();
  }

  ping() {
    if (this.isWelcome) this.link.ask({ type: "ping" });
  }

  // --- what is shown ---------------------------------------------------------------------------------------

  get unread() {
    return this.isReading ? 0 : [...this.messages.values()].filter((one) => !one.mine && one.state !== "read").length;
  }

  /** Everything in order; what waits comes last. @returns {(Message & { wait?: Waiting })[]} */
  get all() {
    const said = [...this.messages.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    const known = new Set(said.map((one) => one.client));
    const waiting = this.waiting.filter((one) => !known.has(one.id));
    return [...said, ...waiting.map((one) => ({ ...one, mine: true, client: one.id, wait: one }))];
  }

  // --- what the hub says -----------------------------------------------------------------------------------

  hello() {
    this.link.ask(this.greeting());
  }

  greeting() {
    const newest = Math.max(0, ...[...this.messages.values()].map((one) => one.at));
    const after = newest ? { after: newest } : {};
    return { type: "hello", language: this.language, ...(this.token ? { token: this.token } : {}), ...after };
  }

  lost() {
    this.isWelcome = false;
    this.sending = "";
    this.typist = "";
    if (this.claim === "saving") this.claim = "later";
    this.changed();
  }

  /** @param {any} frame */
  hear(frame) {
    const heard = /** @type {any} */ (this)[`on_${frame.type}`];
    if (!heard) return;
    heard.call(this, frame);
    this.ask();
    this.changed();
  }

  /** @param {{ messages: Message[], seen: number | null, attended: boolean, now: number }} frame */
  on_welcome({ messages, seen, attended, now }) {
    this.isWelcome = this.wasWelcome = true;
    this.attended = attended;
    this.ahead = now - Date.now();
    this.seen = Math.max(this.seen, seen || 0);
    for (const message of messages) this.take(message);
    this.mark();
    this.flush();
  }

  /** @param {{ message: Message }} frame */
  on_message({ message }) {
    this.take(message);
    if (!message.mine) this.typist = "";
    this.mark();
  }

  /** @param {{ token: string }} frame */
  on_token({ token }) {
    this.offered = token;
    this.host.tell({ balcao: "token", token });
  }

  /** @param {{ id: string, message: string, at: number, attended: boolean }} frame */
  on_stored({ id, message, at, attended }) {
    this.attended = attended;
    this.ahead = at - Date.now();
    const said = this.waiting.find((one) => one.id === id);
    if (said && !this.messages.has(message)) this.take({ id: message, at, mine: true, text: said.text, client: id });
    this.drop(id);
    this.sending = "";
    this.flush();
  }

  /** @param {{ id: string | null, retry_after: number, code: string }} frame */
  on_later({ id, retry_after }) {
    if (this.claim === "saving" && !id) this.claim = "later";
    this.isSlow = true;
    setTimeout(() => this.resume(), retry_after * 1000);
  }

  resume() {
    this.isSlow = false;
    this.sending = "";
    if (this.isWelcome) this.flush();
    else this.hello();
    this.changed();
  }

  /** @param {{ id: string | null, code: string, fields: { field: string }[] }} frame */
  on_refused({ id, code }) {
    if (this.claim === "saving") {
      this.claim = "wrongEmail";
      return;
    }
    const refused = this.waiting.find((one) => one.id === (id || this.sending));
    if (!refused) return;
    refused.failed = code;
    this.host.tell({ balcao: "done", id: refused.id });
    this.sending = "";
    this.flush();
  }

  on_claimed() {
    this.claim = "saved";
    this.host.tell({ balcao: "asked" });
  }

  /** @param {{ message: string }} frame */
  on_seen({ message }) {
    this.seen = Math.max(this.seen, this.messages.get(message)?.at || 0);
  }

  /** @param {{ name: string, on: boolean }} frame */
  on_typing({ name, on }) {
    clearTimeout(this.forget);
    this.typist = on ? name : "";
    if (on) this.forget = setTimeout(() => this.hear({ type: "typing", name, on: false }), 2 * TYPING_AGAIN);
  }

  /** @param {{ attended: boolean }} frame */
  on_pong({ attended }) {
    this.attended = attended;
  }

  on_again() {
    setTimeout(() => this.hello(), Math.random() * 2_000); // not all visitors at once
  }

  // --- helpers ---------------------------------------------------------------------------------------------

  /** Who can be reached later may go: asked at once when nobody is here, else when nobody has answered for a while. */
  ask() {
    clearTimeout(this.due);
    if (this.asked || this.asking || !this.isWelcome) return;
    const said = this.all.filter((one) => !one.wait);
    const answered = said.findLastIndex((one) => !one.mine && !one.automatic);
    const alone = said.slice(answered + 1).filter((one) => one.mine);
    if (!alone.length) return;
    const left = this.attended ? alone[0].at + PATIENCE - Date.now() - this.ahead : 0;
    if (left <= 0) {
      this.asking = { after: alone[alone.length - 1].id, away: !this.attended };
      this.changed();
    } else this.due = setTimeout(() => this.ask(), left);
  }

  /** @param {Message} message */
  take(message) {
    this.messages.set(message.id, message);
    if (message.client) this.drop(message.client);
  }

  /** @param {string} id */
  drop(id) {
    if (!this.waiting.some((one) => one.id === id)) return;
    this.waiting = this.waiting.filter((one) => one.id !== id);
    this.host.tell({ balcao: "done", id });
  }

  /** One at a time, so that they are filed in the order in which they were written. */
  flush() {
    const next = this.waiting.find((one) => !one.failed);
    if (!next || !this.isWelcome || this.sending || this.isSlow) return;
    if (!this.token) {
      this.sending = "token";
      this.link.ask({ type: "begin" });
      return;
    }
    this.sending = next.id;
    this.link.ask({ type: "message", id: next.id, text: next.text });
  }

  /** Tells the hub what has come, and what was read. */
  mark() {
    const theirs = this.all.filter((one) => !one.mine);
    const newest = theirs.at(-1);
    if (!newest || !this.isWelcome) return;
    const state = this.isReading ? "read" : "delivered";
    const fresh = theirs.filter((one) => one.state !== "read" && one.state !== state);
    if (!fresh.length) return;
    for (const one of fresh) one.state = state;
    this.link.send({ type: "mark", message: newest.id, state });
  }
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
