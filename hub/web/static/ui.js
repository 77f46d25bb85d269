// The one place that names the view library; components import from here.
import htm from "./vendor/htm.js";
import { h } from "./vendor/preact.js";

export { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "./vendor/hooks.js";
export { Component, createPortal, Fragment, h, render } from "./vendor/preact.js";
export {
  batch,
  computed,
  effect,
  Signal,
  signal,
  untracked,
  useComputed,
  useSignal,
  useSignalEffect,
} from "./vendor/signals.js";

export const html = htm.bind(h);
