// Puts the page together.
function paint() {
  view.width = Math.max(1, scroller.clientWidth - document.getElementById("gutter").offsetWidth);
  drawBars();
  drawAxis();
  drawOverview();
  placeCursor();
  performance.mark("timeline-painted");
}

function showHeader() {
  const chip = document.getElementById("outcome");
  chip.textContent = doc.outcome;
  chip.style.setProperty("--chip", `var(--${OUTCOMES.includes(doc.outcome) ? doc.outcome : "failed"})`);
  const tests = Object.values(doc.counts).reduce((sum, number) => sum + number, 0);
  const workers = lanes.filter((lane) => lane.busy !== undefined).length;
  const facts = [plural(tests, "test"), plural(workers, "worker"), formatSeconds(doc.seconds), doc.run_id,
    new Date(doc.started * 1000).toLocaleString(), doc.pytest && `pytest ${doc.pytest}`, doc.python && `Python ${doc.python}`];
  document.getElementById("facts").textContent = facts.filter(Boolean).join(" \u00b7 ");
  const notes = document.getElementById("notes");
  notes.replaceChildren(...doc.notes.map((note) => element("li", { textContent: note })));
  notes.hidden = doc.notes.length === 0;
}

function connectButtons() {
  const click = (id, action) => document.getElementById(id).addEventListener("click", action);
  click("zoom-in", () => zoom(0.6));
  click("zoom-out", () => zoom(1 / 0.6));
  click("zoom-reset", showAll);
  click("zoom-tests", showTests);
  click("theme", toggleTheme);
  click("help-open", () => help.showModal());
}

// window.timeline is a copy of what is drawn, for tests: reading it changes nothing.
function exposed(bar) {
  const { x, y, width, height } = boxOf(bar);
  const { id, name, outcome, start, end, nodeid } = bar;
  return {
    id, name, nodeid, outcome, start, end, lane: laneOf(bar).name, group: laneOf(bar).group,
    x, y, width, height, colour: colourName(bar), matches: matching[id] === 1,
  };
}

window.timeline = Object.freeze({
  bars: () => bars.map(exposed),
  lanes: () => lanes.map(({ name, group, rows, busy, top }) => ({ name, group, rows, busy, top })),
  view: () => ({ ...view, scroll: scroller.scrollTop, painted: frame === 0 }),
  focused: () => ui.focus?.id ?? null,
  pinned: () => ui.pinned?.id ?? null,
  critical: () => structuredClone(doc.critical),
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
}).observe(document.querySelector("main"));
