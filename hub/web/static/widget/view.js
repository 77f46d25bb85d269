// Draws the talk, and hears the visitor's hands. Everything said is put in as text.
import { linked } from "./text.js";
import { fill, words } from "./words.js";

/** @typedef {import("./talk.js").Talk} Talk */
/** @typedef {import("./talk.js").Message & { wait?: import("./talk.js").Waiting }} Shown */
/** @typedef {{ key: string, look: string, draw: () => HTMLElement }} Row */
/**
 * @typedef {object} Hands
 * @property {(text: string) => void} say
 * @property {(on: boolean) => void} typing
 * @property {(id: string) => void} repeat
 * @property {(name: string, email: string) => void} claim
 * @property {() => void} dismiss
 * @property {(text: string) => void} draft
 * @property {() => void} close
 */

const PAUSE = 600_000; // ms: after such a silence the name and the time are said again
const COLOURS = ["#7a4b2a", "#1d4f91", "#22683f", "#7a3e6d", "#8a4a00", "#2b5f6b", "#a3261d", "#4b4a9a"];

/** @type {<T extends HTMLElement>(query: string) => T} */
const find = (query) => /** @type {any} */ (document.querySelector(query));

export class View {
  /** @param {Hands} hands */
  constructor(hands) {
    this.words = words(document.documentElement.lang);
    this.hands = hands;
    this.log = find("#log");
    this.field = /** @type {HTMLTextAreaElement} */ (find("textarea"));
    /** @type {Map<string, { look: string, node: HTMLElement }>} */
    this.rows = new Map();
    this.drafted = 0;
    this.isLow = true; // the newest is in view
    this.name();
    this.paint();
    document.body.classList.add("drawn");
    this.listen();
  }

  name() {
    find("h1").textContent = document.body.dataset.title || this.words.title;
    find("#close").ariaLabel = find("#close").title = this.words.close;
    find("#news").textContent = this.words.news;
    find("#composer button").ariaLabel = this.words.send;
    this.log.ariaLabel = this.words.messages;
    this.field.ariaLabel = this.words.message;
    this.field.placeholder = this.words.write;
  }

  paint() {
    const colour = document.body.dataset.colour || COLOURS[1];
    document.body.style.setProperty("--colour", colour);
    document.body.style.setProperty("--on", brightness(colour) > 0.36 ? "#1c2430" : "#fff");
  }

  listen() {
    const { field, hands } = this;
    field.disabled = false; // what was typed before anybody heard it would be lost
    find("#close").onclick = hands.close;
    find("#news").onclick = () => this.down();
    this.log.onscroll = () => {
      this.isLow = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
      if (this.isLow) find("#news").hidden = true;
    };
    addEventListener("resize", () => this.isLow && this.down());
    addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && hands.close());
    field.oninput = () => this.wrote();
    field.onblur = () => hands.typing(false);
    field.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    };
    find("#composer").onsubmit = (event) => {
      event.preventDefault();
      this.send();
      field.focus();
    };
  }

  // --- writing ---------------------------------------------------------------------------------------------

  /** @param {string} text */
  set draft(text) {
    this.field.value = text;
    this.grow();
  }

  wrote() {
    this.grow();
    this.hands.typing(Boolean(this.field.value.trim()));
    clearTimeout(this.drafted);
    this.drafted = setTimeout(() => this.hands.draft(this.field.value), 400);
  }

  send() {
    const text = this.field.value.trim();
    if (!text) return;
    clearTimeout(this.drafted);
    this.draft = "";
    this.hands.draft("");
    this.isLow = true;
    this.hands.say(text);
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 132)}px`;
    find("#composer").classList.toggle("empty", !this.field.value.trim());
  }

  focus() {
    // On a phone the keyboard would cover what was said: the visitor asks for it by a touch.
    (matchMedia("(pointer: coarse)").matches ? this.log : this.field).focus();
  }

  // --- showing ---------------------------------------------------------------------------------------------

  /** @param {Talk} talk */
  show(talk) {
    const cut = talk.wasWelcome && !talk.isWelcome;
    find("#state").textContent = this.state(talk);
    find("#state").classList.toggle("here", talk.isWelcome && talk.attended);
    find("#offline").textContent = cut || navigator.onLine === false ? this.words.offline : "";
    this.log.ariaBusy = String(!talk.wasWelcome); // the history is not read aloud
    const before = this.log.lastElementChild;
    this.draw(this.list(talk));
    this.grow();
    if (this.isLow) this.down();
    else if (before !== this.log.lastElementChild) find("#news").hidden = false;
  }

  down() {
    this.log.scrollTop = this.log.scrollHeight;
    find("#news").hidden = true;
  }

  /** @param {Talk} talk */
  state(talk) {
    const { words } = this;
    const minutes = Number(document.body.dataset.answersIn);
    if (!talk.isWelcome) return talk.wasWelcome ? find("#state").textContent : words.connecting;
    if (!talk.attended) return words.away;
    if (!minutes) return words.here;
    if (minutes === 1) return words.soonMinute;
    if (minutes < 60) return fill(words.soonMinutes, minutes);
    const hours = Math.round(minutes / 60);
    return hours === 1 ? words.soonHour : fill(words.soonHours, hours);
  }

  /** What stands in the log, from top to bottom. @param {Talk} talk @returns {Row[]} */
  list(talk) {
    const all = /** @type {Shown[]} */ (talk.all);
    const mine = all.filter((one) => one.mine);
    const lastSeen = mine.findLast((one) => !one.wait && one.at <= talk.seen);
    const rows = talk.wasWelcome || all.length ? this.greeting() : [];
    let last = /** @type {Shown | undefined} */ (undefined);
    for (const one of all) {
      if (!last || day(one.at) !== day(last.at)) rows.push(this.day(one.at));
      const goesOn = last && last.mine === one.mine && last.name === one.name && one.at - last.at < PAUSE;
      if (!one.mine && !(goesOn && last && day(one.at) === day(last.at)))
        rows.push(this.by(`by:${one.id}`, one.name, this.time(one.at)));
      rows.push(this.bubble(one));
      if (one.wait?.failed) rows.push(this.failed(one));
      else if (one.mine && (one === lastSeen || one === mine.at(-1))) rows.push(this.mark(one, talk));
      if (talk.asking?.after === one.id && !talk.asked) rows.push(this.claim(talk, talk.asking.away));
      last = one;
    }
    if (talk.typist) rows.push(this.by("typist", talk.typist, "", fill(this.words.typing, talk.typist)), this.dots());
    return rows;
  }

  /** Changes only what has changed, so that nothing jumps and nothing is read aloud twice. @param {Row[]} rows */
  draw(rows) {
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, { node }] of this.rows) {
      if (keys.has(key)) continue;
      node.remove();
      this.rows.delete(key);
    }
    /** @type {Element | null} */
    let place = this.log.firstElementChild;
    for (const { key, look, draw } of rows) {
      let drawn = this.rows.get(key);
      if (drawn?.look !== look) {
        const node = draw();
        if (drawn === undefined) this.log.insertBefore(node, place);
        else if (place === drawn.node) place = node;
        drawn?.node.replaceWith(node);
        drawn = { look, node };
        this.rows.set(key, drawn);
      }
      if (drawn.node === place) place = place.nextElementSibling;
      else this.log.insertBefore(drawn.node, place);
    }
  }

  // --- rows ------------------------------------------------------------------------------------------------

  /** @returns {Row[]} */
  greeting() {
    const { greeting, company } = document.body.dataset;
    const text = greeting || this.words.greeting;
    return [
      this.by("greeting by", company),
      { key: "greeting", look: "", draw: () => make("p", "bubble theirs", ...linked(text)) },
    ];
  }

  /** @param {number} at @returns {Row} */
  day(at) {
    const text = this.dayName(at);
    return { key: `day:${day(at)}`, look: text, draw: () => make("p", "day", text) };
  }

  /** @param {string} key @param {string} [name] @param {string} [time] @param {string} [words] @returns {Row} */
  by(key, name = "", time = "", words = "") {
    const who = name || document.body.dataset.company || "";
    return {
      key,
      look: who + time,
      draw: () => {
        const picture = make("span", "picture", initials(who));
        picture.ariaHidden = "true";
        picture.style.background =
          COLOURS[[...who].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 997, 7) % COLOURS.length];
        return make("p", "by", picture, make("span", "", words || who), make("time", "", time));
      },
    };
  }

  /** @param {Shown} one @returns {Row} */
  bubble(one) {
    return {
      key: `said:${one.client || one.id}`,
      look: one.wait?.failed ? "failed" : "",
      draw: () => {
        const node = make("p", `bubble ${one.mine ? "mine" : "theirs"}`, ...linked(one.text));
        if (one.mine) node.prepend(make("span", "unseen", `${this.words.you}: `));
        if (one.wait?.failed) node.classList.add("failed");
        node.title = this.time(one.at);
        return node;
      },
    };
  }

  /** @param {Shown} one @param {Talk} talk @returns {Row} */
  mark(one, talk) {
    const { words } = this;
    const waits = talk.isSlow ? words.slow : talk.isWelcome ? words.sending : words.waiting;
    const state = one.wait ? waits : one.at <= talk.seen ? words.read : words.sent;
    const text = `${this.time(one.at)} · ${state}`;
    return { key: `mark:${one.client || one.id}`, look: text, draw: () => quiet(make("p", "mark", text)) };
  }

  /** @param {Shown} one @returns {Row} */
  failed(one) {
    const { words } = this;
    return {
      key: `failed:${one.id}`,
      look: "",
      draw: () => {
        const again = make("button", "", words.again);
        again.onclick = () => this.hands.repeat(one.id);
        return make("p", "mark failed", `${words.failed} ${words.refused} `, again);
      },
    };
  }

  /** @returns {Row} */
  dots() {
    const draw = () => quiet(make("p", "bubble theirs dots", make("i"), make("i"), make("i")));
    return { key: "dots", look: "", draw };
  }

  /** Who is there when the visitor has to go? @param {Talk} talk @param {boolean} away nobody was here @returns {Row} */
  claim(talk, away) {
    const { words } = this;
    if (talk.claim === "saved") return { key: "claim", look: "saved", draw: () => make("p", "day", words.thanks) };
    const fault = talk.claim === "wrongEmail" || talk.claim === "later" ? words[talk.claim] : "";
    const form = find("#claim form");
    if (form) find("#claim .fault").textContent = fault;
    return { key: "claim", look: "", draw: () => this.claimForm(away ? words.leave : words.stay) };
  }

  /** @param {string} why */
  claimForm(why) {
    const { words } = this;
    const name = Object.assign(make("input"), {
      name: "name",
      autocomplete: "name",
      maxLength: 100,
      placeholder: words.name,
    });
    const email = Object.assign(make("input"), {
      type: "email",
      name: "email",
      autocomplete: "email",
      maxLength: 254,
      placeholder: words.email,
    });
    name.ariaLabel = words.name;
    email.ariaLabel = words.email;
    const fault = make("p", "fault");
    fault.role = "alert";
    const skip = Object.assign(make("button", "plain", words.skip), { type: "button", onclick: this.hands.dismiss });
    const form = make("form", "", name, email, fault, make("div", "", make("button", "", words.save), skip));
    form.noValidate = true;
    form.onsubmit = (event) => {
      event.preventDefault();
      const fits = email.value && email.checkValidity() && /\.\w/.test(email.value);
      fault.textContent = fits ? "" : words.wrongEmail;
      if (fits) this.hands.claim(name.value, email.value);
      else email.focus();
    };
    return Object.assign(make("section", "", make("p", "", why), form), { id: "claim" });
  }

  // --- times -----------------------------------------------------------------------------------------------

  /** @param {number} at */
  time(at) {
    return new Date(at).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
  }

  /** @param {number} at */
  dayName(at) {
    const now = new Date();
    if (day(at) === day(now)) return this.words.today;
    if (day(at) === day(now.setDate(now.getDate() - 1))) return this.words.yesterday;
    return new Date(at).toLocaleDateString(document.documentElement.lang, {
      weekday: "long",
      day: "numeric",
      month: "long",
    });
  }
}

/** @param {number | Date} at */
function day(at) {
  return new Date(at).toDateString();
}

/** @param {string} name */
function initials(name) {
  const [first = "?", ...more] = name.trim().split(/\s+/);
  return ([...first][0] + ([...(more.at(-1) || "")][0] || [...first][1] || "")).toUpperCase();
}

/** @param {string} colour like #1d4f91 @returns {number} 0 to 1, as WCAG counts it */
function brightness(colour) {
  const [red, green, blue] = [1, 3, 5].map((from) => {
    const part = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {string} [look] @param {(Node | string)[]} inside
 * @returns {HTMLElementTagNameMap[T]}
 */
function make(tag, look = "", ...inside) {
  const node = document.createElement(tag);
  if (look) node.className = look;
  node.append(...inside);
  return node;
}

/** Not read aloud when it changes. @template {HTMLElement} T @param {T} node */
function quiet(node) {
  node.ariaLive = "off";
  return node;
}
