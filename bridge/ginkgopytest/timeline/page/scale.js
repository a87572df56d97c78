// The stretch of time in view, and where a time lies on the screen.
import { bars, isTest, TOTAL } from "./data.js";
import { schedule } from "./state.js";

const MIN_SPAN = 1e-4;
export const view = { start: 0, end: TOTAL, width: 1 };

/**
 * @param {number} time
 */
export function xOf(time) {
  return ((time - view.start) / (view.end - view.start)) * view.width;
}

/**
 * @param {number} x
 */
export function timeOf(x) {
  return view.start + (x / view.width) * (view.end - view.start);
}

/**
 * @param {number} start
 * @param {number} end
 */
export function show(start, end) {
  const span = Math.min(TOTAL, Math.max(MIN_SPAN, end - start));
  view.start = Math.min(Math.max(0, start), TOTAL - span);
  view.end = view.start + span;
  schedule();
}

export function showAll() {
  show(0, TOTAL);
}

export function showTests() {
  const tests = bars.filter(isTest);
  if (tests.length > 0) {
    const start = tests[0].start;
    const end = tests.reduce((last, bar) => Math.max(last, bar.end), start);
    show(start - (end - start) * 0.02, end + (end - start) * 0.02);
  }
}

/**
 * zoom keeps the time under the pointer where it is.
 * @param {number} factor
 * @param {number} [at]
 */
export function zoom(factor, at = (view.start + view.end) / 2) {
  const span = Math.min(TOTAL, Math.max(MIN_SPAN, (view.end - view.start) * factor));
  const share = (at - view.start) / (view.end - view.start);
  show(at - share * span, at + (1 - share) * span);
}

/**
 * @param {number} share
 */
export function pan(share) {
  const distance = share * (view.end - view.start);
  show(view.start + distance, view.end + distance);
}

/**
 * @param {Bar} bar
 */
export function zoomTo(bar) {
  const margin = Math.max(bar.end - bar.start, MIN_SPAN) * 0.6;
  show(bar.start - margin, bar.end + margin);
}

/**
 * reveal moves the view so that the bar lies in it, without zooming.
 * @param {Bar} bar
 */
export function reveal(bar) {
  const span = view.end - view.start;
  if (bar.end > view.start && bar.start < view.end) {
    return;
  }
  const middle = Math.min((bar.start + bar.end) / 2, bar.start + span / 3);
  show(middle - span / 2, middle + span / 2);
}

export function ticks() {
  const wanted = ((view.end - view.start) / view.width) * 90;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= wanted) ?? 10);
  const found = [];
  for (let i = Math.ceil(view.start / step); i * step <= view.end; i++) {
    found.push(i * step);
  }
  return { step, times: found };
}
