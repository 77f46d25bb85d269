// The socket to the hub: kept open, opened again after growing pauses, at once when the network is back. No DOM.
const PATIENCE = 10_000; // ms for an answer

/**
 * @typedef {{ opened: () => void, closed: () => void, heard: (frame: any) => void }} Ears
 */

export class Link {
  /** @param {string} address @param {Ears} ears */
  constructor(address, ears) {
    this.address = address;
    this.ears = ears;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.attempts = 0;
    this.timer = 0;
    this.watch = 0;
    addEventListener("online", () => this.hurry());
    addEventListener("offline", () => this.drop());
    this.connect();
  }

  get isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** @param {object} frame */
  send(frame) {
    if (this.isOpen) this.socket?.send(JSON.stringify(frame));
  }

  /** Sends what must be answered: silence means that the line is dead, whatever the browser believes. @param {object} frame */
  ask(frame) {
    this.send(frame);
    if (this.isOpen && !this.watch) this.watch = setTimeout(() => this.drop(), PATIENCE);
  }

  connect() {
    clearTimeout(this.timer);
    const socket = new WebSocket(this.address);
    this.socket = socket;
    this.watch = setTimeout(() => this.drop(), PATIENCE);
    socket.onopen = () => {
      this.hear();
      this.ears.opened();
    };
    socket.onmessage = (event) => {
      this.attempts = 0;
      this.hear();
      this.ears.heard(JSON.parse(event.data));
    };
    socket.onclose = () => this.socket === socket && this.drop();
  }

  hear() {
    clearTimeout(this.watch);
    this.watch = 0;
  }

  /** Gives this socket up and plans the next. */
  drop() {
    const socket = this.socket;
    if (!socket) return;
    this.socket = null;
    this.hear();
    socket.close();
    this.ears.closed();
    const pause = Math.min(10_000, 300 * 1.8 ** this.attempts++);
    this.timer = setTimeout(() => this.connect(), pause * (0.7 + Math.random() * 0.6));
  }

  /** Now rather than after the pause. */
  hurry() {
    if (!this.socket) this.connect();
  }
}
