// Where lanes and bars lie: groups with a heading, lanes below, rows inside.
import { firstEndingAfter, GROUP_NAMES, GROUPS, laneOf, lanes } from "./data.js";
import { byId, element } from "./dom.js";
import { formatSeconds, plural } from "./format.js";
import { timeOf, xOf } from "./scale.js";
import { schedule, ui } from "./state.js";

export const ROW = 20;
export const HEADING = 22;
export const INSET = 2;
export const scroller = byId("scroll", HTMLElement);
/** @type {{ groups: Group[], height: number }} */
export const layout = { groups: [], height: 0 };

function stackLanes() {
  let top = 0;
  layout.groups = [];
  for (const name of GROUPS) {
    const members = lanes.filter((lane) => lane.group === name);
    if (members.length === 0) {
      continue;
    }
    const folded = ui.collapsed.has(name);
    layout.groups.push({ name, lanes: members, top, folded });
    let below = top + HEADING;
    for (const lane of members) {
      lane.folded = folded;
      lane.top = folded ? top : below;
      below += folded ? 0 : lane.rows * ROW;
    }
    top = below;
  }
  layout.height = top;
}

// foldToFit starts with the seed, then the infrastructure, as one line each when
// the lanes of tests would lie below the fold.
export function foldToFit() {
  stackLanes();
  for (const name of ["seed", "infrastructure"]) {
    if (
      layout.height > innerHeight * 0.55 &&
      lanes.filter((lane) => lane.group === name).length > 2
    ) {
      ui.collapsed.add(name);
      stackLanes();
    }
  }
}

/**
 * boxOf is the bar on the canvas, in CSS pixels from the top of all lanes.
 * @param {Bar} bar
 */
export function boxOf(bar) {
  const lane = laneOf(bar);
  const left = snap(xOf(bar.start));
  const right = Math.max(snap(xOf(bar.end)), left + 1);
  if (lane.folded) {
    return { x: left, y: lane.top + 6, width: right - left, height: HEADING - 12 };
  }
  return {
    x: left,
    y: lane.top + bar.row * ROW + INSET,
    width: right - left,
    height: ROW - 2 * INSET,
  };
}

/**
 * snap puts an edge on a device pixel, so that it is sharp.
 * @param {number} x
 */
export function snap(x) {
  return Math.round(x * devicePixelRatio) / devicePixelRatio;
}

/**
 * barAt is the bar under a point; a thin one is found within two pixels.
 * @param {number} x
 * @param {number} y
 */
export function barAt(x, y) {
  for (const lane of lanes) {
    const height = lane.folded ? HEADING : lane.rows * ROW;
    if (y < lane.top || y >= lane.top + height) {
      continue;
    }
    const rows = lane.folded ? lane.rowBars : [lane.rowBars[Math.floor((y - lane.top) / ROW)]];
    for (const row of rows) {
      const found = nearest(row, x);
      if (found) {
        return found;
      }
    }
    if (!lane.folded) {
      return null;
    }
  }
  return null;
}

/**
 * @param {Bar[]} row
 * @param {number} x
 */
function nearest(row, x) {
  let best = null;
  let distance = 3;
  for (
    let i = firstEndingAfter(row, timeOf(x - 3));
    i < row.length && xOf(row[i].start) <= x + 3;
    i++
  ) {
    const away = Math.max(
      xOf(row[i].start) - x,
      x - Math.max(xOf(row[i].end), xOf(row[i].start) + 1),
      0,
    );
    if (away < distance) {
      best = row[i];
      distance = away;
    }
  }
  return best;
}

export function buildGutter() {
  const gutter = byId("gutter", HTMLElement);
  gutter.replaceChildren();
  for (const group of layout.groups) {
    const heading = element(
      "button",
      { type: "button", className: "group", textContent: GROUP_NAMES[group.name] },
      element("span", { textContent: groupFacts(group) }),
    );
    heading.setAttribute("aria-expanded", String(!group.folded));
    heading.style.top = `${group.top}px`;
    heading.addEventListener("click", () => fold(group.name));
    gutter.append(heading);
    if (!group.folded) {
      gutter.append(...group.lanes.map(laneLabel));
    }
  }
  byId("spacer", HTMLElement).style.height = `${layout.height}px`;
}

/**
 * @param {Group} group
 */
function groupFacts(group) {
  const number = group.lanes.reduce((sum, lane) => sum + lane.rowBars.flat().length, 0);
  return plural(number, { tests: "test run", specs: "spec" }[group.name] ?? "step");
}

/**
 * @param {Lane} lane
 */
function laneLabel(lane) {
  const label = element(
    "div",
    { className: lane.error ? "lane died" : "lane", title: lane.error || lane.name },
    element("span", { textContent: lane.error ? `${lane.name} died` : lane.name }),
  );
  if (lane.busy !== undefined) {
    label.append(
      element(
        "em",
        { textContent: `${Math.round(lane.busy * 100)}%` },
        element("span", { textContent: " busy" }),
      ),
    );
  } else if (lane.group !== "specs" && lane.rows === 1 && lane.rowBars[0].length === 1) {
    const [bar] = lane.rowBars[0];
    label.append(
      element("em", { className: "life", textContent: formatSeconds(bar.end - bar.start) }),
    );
  }
  label.style.top = `${lane.top}px`;
  return label;
}

/**
 * @param {string} name
 */
function fold(name) {
  if (!ui.collapsed.delete(name)) {
    ui.collapsed.add(name);
  }
  relayout();
  [.../** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll(".group"))]
    .find((button) => button.textContent.startsWith(GROUP_NAMES[name]))
    ?.focus();
}

export function relayout() {
  stackLanes();
  buildGutter();
  schedule();
}
