/** @import { ViewName } from "../types.js" */
import { bind, EVERY } from "../keys.js";
import { hereIn, list, peekRow } from "../models/inbox.js";
import { go, inboxPath } from "../router.js";
import { useEffect, useLayoutEffect, useRef } from "../ui.js";

const FOLLOW_MS = 110;
const PAUSE_MS = 600;

/**
 * The inbox by its keys.
 * @param {{ view: ViewName, number: number | null, ready: string | null, at: import("./inbox.js").Place,
 *   setAt: (at: import("./inbox.js").Place) => void, writing: import("./inbox-writing.js").Writing,
 *   acts: { take(): void, assign(): void, resolve(): void, back(): void } }} props
 *   number: the open conversation; ready: its id, when what was said in it is on the screen
 */
export function useKeys({ view, number, ready, at, setAt, acts, writing }) {
  const follow = useRef({ timer: /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined), to: 0 });
  const index = useRef(-1);
  const here = at.id === null ? -1 : list(view).indexOf(at.id);
  if (here >= 0) index.current = here;
  const calm = useCalm(ready, () => follow.current.to === 0);

  const stay = () => {
    clearTimeout(follow.current.timer);
    follow.current.to = 0;
  };
  useEffect(() => {
    index.current = -1;
    return stay;
  }, [view]);
  useEffect(stay, [number]);

  // Before the next key can come.
  useLayoutEffect(() => {
    /** @param {1 | -1} step */
    const move = (step) => () => {
      const places = list(view).places;
      if (!places.length) return;
      // What stood here may have gone from the list: the next one has its place now.
      const from = here >= 0 ? here + step : index.current < 0 ? 0 : step > 0 ? index.current : index.current - 1;
      const next = places[Math.max(0, Math.min(places.length - 1, from))];
      setAt({ id: next.id, focus: at.focus + 1 });
      stay();
      const to = peekRow(next.id)?.number;
      if (number === null || to === undefined || to === number) return;
      follow.current = { timer: setTimeout(() => go(hereIn(view, to), { replace: true }), FOLLOW_MS), to };
    };
    /** @param {"reply" | "note"} tab */
    const begin = (tab) => () => {
      const to = follow.current.to || null;
      stay();
      writing.begin(tab, to);
    };
    /** Enter opens where j and k stand, even if the focus is still on its way there. @param {KeyboardEvent} event */
    const opens = (event) => {
      const row = at.id ? peekRow(at.id) : null;
      const target = event.target instanceof Element ? event.target.closest("a, button, [role=button]") : null;
      if (event.key !== "Enter" || !row || here < 0 || (target && !target.matches(".list a"))) return false;
      stay();
      go(hereIn(view, row.number));
      return true;
    };
    return bind({
      [EVERY]: (event) => {
        if (writing.hears(event) || opens(event)) return true;
        calm.notes(event);
        return false;
      },
      j: calm.unhurried(move(1)),
      k: calm.unhurried(move(-1)),
      r: begin("reply"),
      n: begin("note"),
      t: calm.only(acts.take),
      a: calm.only(acts.assign),
      e: calm.only(acts.resolve),
      ...(number === null ? {} : { Escape: acts.back }),
      "g m": () => go(inboxPath("mine")),
      "g w": () => go(inboxPath("waiting")),
      "g t": () => go(inboxPath("team")),
      "g a": () => go(inboxPath("all")),
      "g r": () => go(inboxPath("resolved")),
    });
  });
}

/**
 * No key acts on a conversation that came to the screen after it was pressed, nor in the middle of a word that was begun
 * before: who types "take care" into the void neither takes nor resolves anything.
 * @param {string | null} ready
 * @param {() => boolean} still whether j and k stand on what is open
 */
function useCalm(ready, still) {
  const since = useRef(0);
  const hurried = useRef(Number.NEGATIVE_INFINITY);
  useLayoutEffect(() => {
    since.current = performance.now();
  }, [ready]);

  /** @param {KeyboardEvent} event */
  const inWord = (event) => event.timeStamp - hurried.current < PAUSE_MS;
  /** @param {KeyboardEvent} event */
  const early = (event) => ready === null || !still() || event.timeStamp < since.current;
  return {
    /** @param {KeyboardEvent} event */
    notes(event) {
      const moves = "jkgrn".includes(event.key.toLowerCase());
      if (event.key.length === 1 && !moves && (early(event) || inWord(event))) hurried.current = event.timeStamp;
    },
    /** @param {() => void} run */
    only: (run) => (/** @type {KeyboardEvent} */ event) => {
      if (!event.repeat && !early(event) && !inWord(event)) run();
    },
    /** @param {() => void} run */
    unhurried: (run) => (/** @type {KeyboardEvent} */ event) => {
      if (!inWord(event)) run();
    },
  };
}
