// The live socket: says what happens, comes back by itself and catches up from where it was.
/** @import { Frame } from "./types.js" */

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;
const PING_MS = 25_000;
const REFUSALS_BEFORE_ASKING = 3;

/** A WebSocket that is opened again with the last cursor and a growing pause. */
export class Live {
  /** @param {{ told: (frame: Frame) => void, state: (up: boolean) => void, refused: () => void }} listener */
  constructor(listener) {
    this.listener = listener;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {string | null} */
    this.cursor = null;
    /** Where the feed was at the last hello: what is loaded after it goes on from there. @type {string | null} */
    this.greeted = null;
    /** @type {string | null} */
    this.shown = null;
    this.pause = FIRST_PAUSE_MS;
    this.failures = 0;
    this.stopped = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.again = undefined;
    this.awake = () => this.hurry();
  }

  start() {
    addEventListener("online", this.awake);
    document.addEventListener("visibilitychange", this.awake);
    this.ping = setInterval(() => this.send({ type: "ping" }), PING_MS);
    this.open();
  }

  stop() {
    this.stopped = true;
    removeEventListener("online", this.awake);
    document.removeEventListener("visibilitychange", this.awake);
    clearInterval(this.ping);
    clearTimeout(this.again);
    this.socket?.close();
  }

  /** @param {Record<string, unknown>} frame */
  send(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** Said again by itself after each reconnect. @param {string | null} conversation */
  looking(conversation) {
    this.shown = conversation;
    this.send({ type: "looking", conversation });
  }

  open() {
    const query = this.cursor === null ? "" : `?cursor=${encodeURIComponent(this.cursor)}`;
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/live${query}`);
    this.socket = socket;
    socket.onmessage = (event) => this.take(event.data);
    socket.onclose = () => this.lost();
  }

  /** @param {string} data */
  take(data) {
    const frame = /** @type {Frame} */ (JSON.parse(data));
    if (frame.type === "hello") this.up(frame.cursor);
    this.listener.told(frame);
    // The hello of a reconnect is ahead of the events that it still brings.
    if (frame.type === "event" || (frame.type === "hello" && this.cursor === null)) this.cursor = frame.cursor;
    if (frame.type === "reload") this.cursor = this.greeted;
  }

  /** @param {string} cursor */
  up(cursor) {
    this.greeted = cursor;
    this.pause = FIRST_PAUSE_MS;
    this.failures = 0;
    this.listener.state(true);
    if (this.shown !== null) this.looking(this.shown);
  }

  lost() {
    if (this.stopped) return;
    if (this.failures === 0) this.listener.state(false);
    this.failures += 1;
    if (this.failures % REFUSALS_BEFORE_ASKING === 0) this.listener.refused();
    // Not all pages at once after a restart of the hub.
    this.again = setTimeout(() => this.open(), this.pause * (0.7 + 0.6 * Math.random()));
    this.pause = Math.min(LONGEST_PAUSE_MS, this.pause * 1.8);
  }

  /** The network is back or somebody looks: no need to wait out the pause. */
  hurry() {
    if (this.socket?.readyState !== WebSocket.CLOSED || document.visibilityState !== "visible") return;
    clearTimeout(this.again);
    this.pause = FIRST_PAUSE_MS;
    this.open();
  }
}
