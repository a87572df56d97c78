// The keyboard's place among the bars: one real button that stands over the bar in
// focus, so that focus is visible and spoken like any other.
const cursor = document.getElementById("cursor");

function focusBar(bar, { pinned = false } = {}) {
  if (!bar) {
    return;
  }
  ui.focus = bar;
  showBar(bar);
  cursor.setAttribute("aria-label", spoken(bar));
  placeCursor();
  cursor.focus({ preventScroll: true });
  announce(spoken(bar));
  if (pinned) {
    pin(bar);
  }
}

// showBar brings a bar into view, in time and among the lanes.
function showBar(bar) {
  if (laneOf(bar).folded) {
    ui.collapsed.delete(laneOf(bar).group);
    relayout();
  }
  reveal(bar);
  const { y, height } = boxOf(bar);
  const room = scroller.clientHeight - height - ROW;
  scroller.scrollTop = Math.min(Math.max(scroller.scrollTop, y - room), Math.max(0, y - ROW));
  schedule();
}

function placeCursor() {
  const box = ui.focus ? boxOf(ui.focus) : { x: 0, y: scroller.scrollTop, width: view.width, height: ROW };
  const left = Math.min(Math.max(box.x, 0), view.width - 1);
  const right = Math.min(Math.max(box.x + box.width, left + 3), view.width);
  cursor.style.left = `${left}px`;
  cursor.style.top = `${box.y - scroller.scrollTop}px`;
  cursor.style.width = `${right - left}px`;
  cursor.style.height = `${box.height}px`;
}

// firstFocus is where a reader most likely wants to begin.
function firstFocus() {
  return bars[doc.failures[0] ?? 0] ?? null;
}

function laneBars(lane) {
  return lane.rowBars.flat().filter((bar) => matching[bar.id]).sort((a, b) => a.start - b.start || a.id - b.id);
}

function stepInLane(step) {
  const row = laneBars(laneOf(ui.focus));
  const at = row.indexOf(ui.focus);
  const next = at < 0 ? row.find((bar) => bar.start >= ui.focus.start) : row[at + step];
  focusBar(next);
}

function endOfLane(last) {
  focusBar(laneBars(laneOf(ui.focus)).at(last ? -1 : 0));
}

// stepLane goes to the bar of the next lane that is nearest in time.
function stepLane(step) {
  const start = ui.focus.start;
  const away = (bar) => Math.max(bar.start - start, start - bar.end, 0);
  for (let at = ui.focus.lane + step; at >= 0 && at < lanes.length; at += step) {
    const found = laneBars(lanes[at]);
    if (found.length > 0) {
      focusBar(found.reduce((best, bar) => (away(bar) < away(best) ? bar : best)));
      return;
    }
  }
}

function stepFailure(step) {
  const ids = doc.failures;
  if (ids.length === 0) {
    announce("Nothing failed.");
    return;
  }
  const at = ids.indexOf((ui.pinned ?? ui.focus)?.id);
  const next = at < 0 ? (step > 0 ? 0 : ids.length - 1) : (at + step + ids.length) % ids.length;
  focusBar(bars[ids[next]], { pinned: true });
}
