// The document that document.go describes, and what is looked up in it often.
import { byId } from "./dom.js";

/** @type {Run} */
export const doc = JSON.parse(byId("data", HTMLScriptElement).textContent ?? "");
export const bars = doc.bars;
export const lanes = doc.lanes;
export const TOTAL = Math.max(doc.seconds, ...bars.slice(-1).map((bar) => bar.end), 0.001);
export const GROUPS = ["infrastructure", "seed", "suite", "tests", "specs"];
/** @type {Record<string, string>} */
export const GROUP_NAMES = {
  infrastructure: "Infrastructure",
  seed: "Seed",
  suite: "Suite",
  tests: "Tests by worker",
  specs: "Ginkgo specs",
};
export const OUTCOMES = [
  "passed",
  "failed",
  "error",
  "skipped",
  "xfailed",
  "xpassed",
  "rerun",
  "unfinished",
];
export const critical = new Set(
  doc.critical.filter((step) => step.bar !== null).map((step) => step.bar),
);

for (const lane of lanes) {
  lane.rowBars = Array.from({ length: lane.rows }, () => Object.assign([], { failed: [] }));
}
for (const bar of bars) {
  lanes[bar.lane].rowBars[bar.row].push(bar);
  if (isFailed(bar)) {
    lanes[bar.lane].rowBars[bar.row].failed.push(bar);
  }
  bar.words = `${bar.name} ${lanes[bar.lane].name}`.toLowerCase();
}

/**
 * @param {Bar} bar
 */
export function laneOf(bar) {
  return lanes[bar.lane];
}

/**
 * @param {Bar} bar
 */
export function isTest(bar) {
  return laneOf(bar).group === "tests";
}

/**
 * @param {{ outcome: string }} bar
 */
export function isFailed(bar) {
  return bar.outcome === "failed" || bar.outcome === "error";
}

/**
 * firstEndingAfter is the index of the first bar of a row that ends after a
 * time. The bars of a row do not overlap, so their ends are in order.
 * @param {Bar[]} row
 * @param {number} time
 */
export function firstEndingAfter(row, time) {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[middle].end > time) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
