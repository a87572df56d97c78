// What the reader has chosen. Every change ends in schedule(). The other modules
// know this one, and it tells those that listen.
import { bars } from "./data.js";
import { byId } from "./dom.js";

/**
 * @type {{
 *   hidden: Set<string>, text: string, focus: Bar | null, hover: Bar | null, pinned: Bar | null,
 *   collapsed: Set<string>, tab: string | null,
 * }}
 */
export const ui = {
  hidden: new Set(),
  text: "",
  focus: null,
  hover: null,
  pinned: null,
  collapsed: new Set(),
  tab: null,
};
export const matching = new Uint8Array(bars.length).fill(1);
/** @type {Record<"paint" | "pin" | "filter", (() => void)[]>} */
const listeners = { paint: [], pin: [], filter: [] };
let frame = 0;

/**
 * on lets a module hear of a change: what is to be painted, is pinned, is filtered.
 * @param {keyof typeof listeners} change
 * @param {() => void} listener
 */
export function on(change, listener) {
  listeners[change].push(listener);
}

/**
 * @param {keyof typeof listeners} change
 */
function tell(change) {
  for (const listener of listeners[change]) {
    listener();
  }
}

export function painted() {
  return frame === 0;
}

export function schedule() {
  if (!frame) {
    frame = requestAnimationFrame(() => {
      frame = 0;
      tell("paint");
    });
  }
}

export function filtering() {
  return ui.hidden.size > 0 || ui.text !== "";
}

export function matchedBars() {
  return bars.filter((bar) => matching[bar.id]);
}

// applyFilter dims what does not match; nothing moves.
export function applyFilter() {
  const words = ui.text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const bar of bars) {
    const match = !ui.hidden.has(bar.outcome) && words.every((word) => bar.words.includes(word));
    matching[bar.id] = match ? 1 : 0;
  }
  tell("filter");
  schedule();
}

/**
 * @param {Bar | null} bar
 */
export function pin(bar) {
  ui.pinned = bar;
  tell("pin");
  schedule();
}

/**
 * @param {Bar | null} bar
 */
export function hover(bar) {
  if (ui.hover !== bar) {
    ui.hover = bar;
    schedule();
  }
}

/**
 * @param {string} text
 */
export function announce(text) {
  byId("live", HTMLElement).textContent = text;
}
