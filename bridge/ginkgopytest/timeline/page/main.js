// Puts the page together.
import { barOfAddress, nameInAddress } from "./address.js";
import { placeCursor } from "./cursor.js";
import { bars, doc, laneOf, lanes, OUTCOMES } from "./data.js";
import { showDetails } from "./details.js";
import { byId, element } from "./dom.js";
import { drawAxis, drawBars } from "./draw.js";
import { buildOutcomes, showMatches } from "./filter.js";
import { formatSeconds, plural } from "./format.js";
import { help } from "./keyboard.js";
import { boxOf, buildGutter, foldToFit, scroller } from "./layout.js";
import { markCurrent, renderItems } from "./list.js";
import { drawOverview } from "./overview.js";
import { buildTabs, chooseTab, fillList } from "./panel.js";
import { showAll, showTests, view, zoom } from "./scale.js";
import { matching, on, painted, schedule, ui } from "./state.js";
import "./splitter.js";
import { colourName, startTheme, toggleTheme } from "./theme.js";

function paint() {
  view.width = Math.max(1, scroller.clientWidth - byId("gutter", HTMLElement).offsetWidth);
  drawBars();
  drawAxis();
  drawOverview();
  placeCursor();
  performance.mark("timeline-painted");
}

function showHeader() {
  const chip = byId("outcome", HTMLElement);
  chip.textContent = doc.outcome;
  chip.style.setProperty(
    "--chip",
    `var(--${OUTCOMES.includes(doc.outcome) ? doc.outcome : "failed"})`,
  );
  const tests = Object.values(doc.counts).reduce((sum, number) => sum + number, 0);
  const workers = lanes.filter((lane) => lane.busy !== undefined).length;
  const facts = [
    plural(tests, "test"),
    plural(workers, "worker"),
    formatSeconds(doc.seconds),
    doc.run_id,
    new Date(doc.started * 1000).toLocaleString(),
    doc.pytest && `pytest ${doc.pytest}`,
    doc.python && `Python ${doc.python}`,
  ];
  byId("facts", HTMLElement).textContent = facts.filter(Boolean).join(" \u00b7 ");
  const notes = byId("notes", HTMLElement);
  notes.replaceChildren(...doc.notes.map((note) => element("li", { textContent: note })));
  notes.hidden = doc.notes.length === 0;
}

function connectButtons() {
  /** @type {(id: string, action: () => void) => void} */
  const click = (id, action) => byId(id, HTMLElement).addEventListener("click", action);
  click("zoom-in", () => zoom(0.6));
  click("zoom-out", () => zoom(1 / 0.6));
  click("zoom-reset", showAll);
  click("zoom-tests", showTests);
  click("theme", toggleTheme);
  click("help-open", () => help.showModal());
}

/**
 * window.timeline is a copy of what is drawn, for tests: reading it changes nothing.
 * @param {Bar} bar
 */
function exposed(bar) {
  const { x, y, width, height } = boxOf(bar);
  const { id, name, outcome, start, end, nodeid } = bar;
  return {
    id,
    name,
    nodeid,
    outcome,
    start,
    end,
    lane: laneOf(bar).name,
    group: laneOf(bar).group,
    x,
    y,
    width,
    height,
    colour: colourName(bar),
    matches: matching[id] === 1,
  };
}

window.timeline = Object.freeze({
  bars: () => bars.map(exposed),
  lanes: () => lanes.map(({ name, group, rows, busy, top }) => ({ name, group, rows, busy, top })),
  view: () => ({ ...view, scroll: scroller.scrollTop, painted: painted() }),
  focused: () => ui.focus?.id ?? null,
  pinned: () => ui.pinned?.id ?? null,
  critical: () => structuredClone(doc.critical),
});

on("paint", paint);
on("pin", () => {
  showDetails(ui.pinned);
  nameInAddress(ui.pinned);
  markCurrent();
});
on("filter", () => {
  showMatches();
  fillList();
});
startTheme();
showHeader();
foldToFit();
buildGutter();
buildOutcomes();
buildTabs();
connectButtons();
chooseTab(doc.failures.length > 0 ? "failures" : "slowest");
ui.pinned = barOfAddress() ?? bars[doc.failures[0]] ?? null;
showDetails(ui.pinned);
scroller.addEventListener("scroll", schedule);
new ResizeObserver(() => {
  schedule();
  renderItems();
}).observe(byId("main", HTMLElement));
