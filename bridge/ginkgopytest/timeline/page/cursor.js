// The keyboard's place among the bars: one real button that stands over the bar in
// focus, so that focus is visible and spoken like any other.
import { bars, doc, laneOf, lanes } from "./data.js";
import { byId } from "./dom.js";
import { spoken } from "./format.js";
import { boxOf, ROW, relayout, scroller } from "./layout.js";
import { reveal, view } from "./scale.js";
import { announce, matching, pin, schedule, ui } from "./state.js";

export const cursor = byId("cursor", HTMLButtonElement);

/**
 * @param {Bar | null | undefined} bar
 * @param {{ pinned?: boolean }} options
 */
export function focusBar(bar, { pinned = false } = {}) {
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

/**
 * showBar brings a bar into view, in time and among the lanes.
 * @param {Bar} bar
 */
export function showBar(bar) {
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

export function placeCursor() {
  const box = ui.focus
    ? boxOf(ui.focus)
    : { x: 0, y: scroller.scrollTop, width: view.width, height: ROW };
  const left = Math.min(Math.max(box.x, 0), view.width - 1);
  const right = Math.min(Math.max(box.x + box.width, left + 3), view.width);
  cursor.style.left = `${left}px`;
  cursor.style.top = `${box.y - scroller.scrollTop}px`;
  cursor.style.width = `${right - left}px`;
  cursor.style.height = `${box.height}px`;
}

// firstFocus is where a reader most likely wants to begin.
export function firstFocus() {
  return bars[doc.failures[0] ?? 0] ?? null;
}

/**
 * @param {Lane} lane
 */
function laneBars(lane) {
  return lane.rowBars
    .flat()
    .filter((bar) => matching[bar.id])
    .sort((a, b) => a.start - b.start || a.id - b.id);
}

/**
 * @param {Bar} from
 * @param {number} step
 */
export function stepInLane(from, step) {
  const row = laneBars(laneOf(from));
  const at = row.indexOf(from);
  const next = at < 0 ? row.find((bar) => bar.start >= from.start) : row[at + step];
  focusBar(next);
}

/**
 * @param {Bar} from
 * @param {boolean} last
 */
export function endOfLane(from, last) {
  focusBar(laneBars(laneOf(from)).at(last ? -1 : 0));
}

/**
 * stepLane goes to the bar of the next lane that is nearest in time.
 * @param {Bar} from
 * @param {number} step
 */
export function stepLane(from, step) {
  const start = from.start;
  const away = (/** @type {Bar} */ bar) => Math.max(bar.start - start, start - bar.end, 0);
  for (let at = from.lane + step; at >= 0 && at < lanes.length; at += step) {
    const found = laneBars(lanes[at]);
    if (found.length > 0) {
      focusBar(found.reduce((best, bar) => (away(bar) < away(best) ? bar : best)));
      return;
    }
  }
}

/**
 * @param {number} step
 */
export function stepFailure(step) {
  const ids = doc.failures;
  if (ids.length === 0) {
    announce("Nothing failed.");
    return;
  }
  const at = ids.indexOf((ui.pinned ?? ui.focus)?.id ?? -1);
  const next = at < 0 ? (step > 0 ? 0 : ids.length - 1) : (at + step + ids.length) % ids.length;
  focusBar(bars[ids[next]], { pinned: true });
}
