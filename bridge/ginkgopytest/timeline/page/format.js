// Numbers and names as people read them.
import { isTest, laneOf } from "./data.js";

/**
 * @param {number} seconds
 */
export function formatSeconds(seconds) {
  const size = Math.abs(seconds);
  if (size === 0) {
    return "0 s";
  }
  if (size < 0.001) {
    return `${(seconds * 1e6).toFixed(0)} \u00b5s`;
  }
  if (size < 0.01) {
    return `${(seconds * 1e3).toFixed(1)} ms`;
  }
  if (size < 1) {
    return `${(seconds * 1e3).toFixed(0)} ms`;
  }
  if (size < 60) {
    return `${seconds.toFixed(2)} s`;
  }
  return `${Math.floor(size / 60)} m ${(size % 60).toFixed(0).padStart(2, "0")} s`;
}

/**
 * formatTick has as many digits as the distance of the ticks needs.
 * @param {number} seconds
 * @param {number} step
 */
export function formatTick(seconds, step) {
  if (step >= 1 && seconds >= 60) {
    return `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
  }
  if (step < 0.001) {
    return `${(seconds * 1e3).toFixed(Math.max(0, -Math.floor(Math.log10(step * 1e3))))} ms`;
  }
  return `${seconds.toFixed(Math.max(0, -Math.floor(Math.log10(step))))} s`;
}

/**
 * @param {number} number
 * @param {string} noun
 */
export function plural(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * shortName is what distinguishes a bar from its neighbours: a test without its file.
 * @param {Bar} bar
 */
export function shortName(bar) {
  if (!isTest(bar)) {
    return bar.name;
  }
  const bracket = bar.name.indexOf("[");
  const cut = bar.name.lastIndexOf("::", bracket < 0 ? undefined : bracket);
  return cut < 0 ? bar.name : bar.name.slice(cut + 2);
}

/**
 * @param {Bar} bar
 */
export function outcomeWords(bar) {
  const state = bar.state && bar.state !== bar.outcome ? ` (${bar.state})` : "";
  const attempt = bar.attempts ? `, attempt ${bar.attempt} of ${bar.attempts}` : "";
  return `${bar.outcome}${state}${attempt}`;
}

/**
 * spoken is a bar for a screen reader.
 * @param {Bar} bar
 */
export function spoken(bar) {
  return (
    `${bar.name}, ${outcomeWords(bar)}, ${formatSeconds(bar.end - bar.start)}, ` +
    `starts at ${formatSeconds(bar.start)}, ${laneOf(bar).name}`
  );
}

/**
 * @param {string} text
 */
export function withoutColours(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals take this one for colours
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
