// The document that document.go describes, and what is looked up in it often.
const doc = JSON.parse(document.getElementById("data").textContent);
const bars = doc.bars;
const lanes = doc.lanes;
const TOTAL = Math.max(doc.seconds, ...bars.slice(-1).map((bar) => bar.end), 0.001);
const GROUPS = ["infrastructure", "seed", "suite", "tests", "specs"];
const GROUP_NAMES = {
  infrastructure: "Infrastructure", seed: "Seed", suite: "Suite", tests: "Tests by worker", specs: "Ginkgo specs",
};
const OUTCOMES = ["passed", "failed", "error", "skipped", "xfailed", "xpassed", "rerun", "unfinished"];
const critical = new Set(doc.critical.filter((step) => step.bar !== null).map((step) => step.bar));

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

function laneOf(bar) {
  return lanes[bar.lane];
}

function isTest(bar) {
  return laneOf(bar).group === "tests";
}

function isFailed(bar) {
  return bar.outcome === "failed" || bar.outcome === "error";
}

// firstEndingAfter is the index of the first bar of a row that ends after a
// time. The bars of a row do not overlap, so their ends are in order.
function firstEndingAfter(row, time) {
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
