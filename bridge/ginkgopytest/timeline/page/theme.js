// Dark and light: the system's wish until the reader chooses.
import { laneOf, OUTCOMES } from "./data.js";
import { byId, penOf } from "./dom.js";
import { schedule } from "./state.js";

const THEME_KEY = "ginkgopytest-timeline-theme";
const systemDark = matchMedia("(prefers-color-scheme: dark)");
/** @type {Record<string, string>} */
export let palette = {};

function storedTheme() {
  try {
    return localStorage.getItem(THEME_KEY);
  } catch {
    return null; // a page without storage, as in a sandboxed frame
  }
}

/**
 * @param {string} name
 */
function storeTheme(name) {
  try {
    localStorage.setItem(THEME_KEY, name);
  } catch {
    // the choice lasts as long as the page
  }
}

/**
 * @param {string} name
 */
function applyTheme(name) {
  document.documentElement.dataset.theme = name;
  byId("theme", HTMLElement).setAttribute("aria-pressed", String(name === "dark"));
  const style = getComputedStyle(document.documentElement);
  palette = new Proxy(/** @type {Record<string, string>} */ ({}), {
    get(known, /** @type {string} */ key) {
      known[key] ??= style.getPropertyValue(`--${key}`).trim();
      return known[key];
    },
  });
  hatches.clear();
  schedule();
}

export function toggleTheme() {
  const name = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  storeTheme(name);
  applyTheme(name);
}

export function startTheme() {
  const choose = () => applyTheme(storedTheme() ?? (systemDark.matches ? "dark" : "light"));
  systemDark.addEventListener("change", choose);
  choose();
}

/**
 * colourName is the custom property of a bar: what went wrong has the colour
 * of its outcome, the rest of the lanes beside the tests that of its group.
 * @param {Bar} bar
 */
export function colourName(bar) {
  const group = laneOf(bar).group;
  if (group === "tests" || bar.outcome !== "passed") {
    return outcomeColour(bar.outcome);
  }
  return group;
}

/**
 * @param {string} outcome
 */
export function outcomeColour(outcome) {
  return OUTCOMES.includes(outcome) ? outcome : "unfinished";
}

/** @type {Map<string, CanvasPattern | string>} */
const hatches = new Map();

/**
 * hatch is a pattern of stripes for what has no end in the log.
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 */
export function hatch(context, colour) {
  if (!hatches.has(colour)) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = penOf(tile);
    pen.globalAlpha = 0.45;
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 8, 8);
    pen.globalAlpha = 1;
    pen.strokeStyle = colour;
    pen.lineWidth = 2.5;
    pen.beginPath();
    for (const offset of [-8, 0, 8]) {
      pen.moveTo(offset - 1, 9);
      pen.lineTo(offset + 9, -1);
    }
    pen.stroke();
    hatches.set(colour, context.createPattern(tile, "repeat") ?? colour);
  }
  return hatches.get(colour) ?? colour;
}
