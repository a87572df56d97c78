// The canvas of bars. It is as large as what is in view, and drawn anew for each frame.
import { critical, doc, firstEndingAfter, isFailed, laneOf, lanes, TOTAL } from "./data.js";
import { byId, penOf } from "./dom.js";
import { formatTick, shortName } from "./format.js";
import { boxOf, HEADING, INSET, layout, ROW, scroller, snap } from "./layout.js";
import { ticks, timeOf, view, xOf } from "./scale.js";
import { filtering, matching, ui } from "./state.js";
import { colourName, hatch, outcomeColour, palette } from "./theme.js";

export const canvas = byId("bars", HTMLCanvasElement);
const axis = byId("axis", HTMLCanvasElement);
const DIM = 0.12;
/** @type {Record<string, number>} */
const TINT = { setup: 0.5, teardown: 0.3 };
const BETWEEN = 0.2;
const STRIPE = 3;
const LABEL_WIDTH = 6.3;

/**
 * fit sizes a canvas to its box in device pixels and returns its pen in CSS pixels.
 * @param {HTMLCanvasElement} surface
 * @param {number} width
 * @param {number} height
 */
export function fit(surface, width, height) {
  const ratio = devicePixelRatio;
  if (
    surface.width !== Math.round(width * ratio) ||
    surface.height !== Math.round(height * ratio)
  ) {
    surface.width = Math.round(width * ratio);
    surface.height = Math.round(height * ratio);
    surface.style.width = `${width}px`;
    surface.style.height = `${height}px`;
  }
  const pen = penOf(surface);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.globalAlpha = 1;
  return pen;
}

export function drawBars() {
  const height = Math.min(scroller.clientHeight, layout.height);
  const pen = fit(canvas, view.width, height);
  const top = scroller.scrollTop;
  pen.fillStyle = palette.surface;
  pen.fillRect(0, 0, view.width, height);
  pen.translate(0, -top);
  drawGround(pen, top, height);
  const inView = lanes.filter(
    (lane) => lane.top + lane.rows * ROW > top && lane.top < top + height,
  );
  const rows = inView.flatMap((lane) => lane.rowBars);
  for (const row of rows) {
    drawRow(pen, row, (bar) => !isFailed(bar) || matching[bar.id] === 0);
  }
  // A failure between thousands of thin bars stays on top of its neighbours.
  for (const row of rows) {
    drawRow(pen, row.failed, (bar) => matching[bar.id] === 1);
  }
  drawOutlines(pen);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} top
 * @param {number} height
 */
function drawGround(pen, top, height) {
  for (const group of layout.groups) {
    pen.fillStyle = palette.band;
    pen.fillRect(0, group.top, view.width, HEADING);
  }
  pen.fillStyle = palette.grid;
  for (const time of ticks().times) {
    pen.fillRect(snap(xOf(time)), top, 1, height);
  }
  for (const lane of lanes) {
    if (lane.up !== undefined && !lane.folded) {
      const left = xOf(lane.up);
      pen.fillStyle = palette.band;
      pen.fillRect(
        left,
        lane.top + INSET,
        xOf(lane.down ?? TOTAL) - left,
        lane.rows * ROW - 2 * INSET,
      );
    }
  }
  drawFirstTest(pen);
}

/**
 * @param {CanvasRenderingContext2D} pen
 */
function drawFirstTest(pen) {
  if (doc.first_test !== null) {
    pen.strokeStyle = palette.accent;
    pen.setLineDash([3, 3]);
    pen.beginPath();
    pen.moveTo(snap(xOf(doc.first_test)) + 0.5, 0);
    pen.lineTo(snap(xOf(doc.first_test)) + 0.5, layout.height);
    pen.stroke();
    pen.setLineDash([]);
  }
}

/**
 * drawRow draws one bar for each pixel column: of thousands that share one, the
 * rest would not be seen. A filter may choose any of them, so it looks at all.
 * @param {CanvasRenderingContext2D} pen
 * @param {Bar[]} row
 * @param {(bar: Bar) => boolean} chosen
 */
function drawRow(pen, row, chosen) {
  let i = firstEndingAfter(row, view.start);
  while (i < row.length && row[i].start < view.end) {
    const bar = row[i];
    i += 1;
    if (!chosen(bar)) {
      continue;
    }
    drawBar(pen, bar);
    const column = snap(xOf(bar.start)) + 1;
    if (!filtering() && xOf(bar.end) < column) {
      i = Math.max(i, firstEndingAfter(row, timeOf(column)));
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Bar} bar
 */
function drawBar(pen, bar) {
  const box = boxOf(bar);
  const colour = palette[colourName(bar)];
  const strength = matching[bar.id] ? 1 : DIM;
  const gap = box.width > 4 ? 1 : 0;
  pen.globalAlpha = strength;
  if (!bar.phases || box.width < 4) {
    pen.fillStyle = bar.outcome === "unfinished" ? hatch(pen, colour) : colour;
    pen.fillRect(box.x, box.y, box.width - gap, box.height);
  } else {
    pen.globalAlpha = strength * BETWEEN;
    pen.fillStyle = colour;
    pen.fillRect(box.x, box.y, box.width - gap, box.height);
    drawPhases(pen, bar, box, strength, gap);
    if (isFailed(bar)) {
      pen.globalAlpha = strength;
      pen.fillStyle = colour;
      pen.fillRect(box.x, box.y + box.height - STRIPE, box.width - gap, STRIPE);
    }
  }
  pen.globalAlpha = 1;
  if (critical.has(bar.id)) {
    pen.fillStyle = palette.accent;
    pen.fillRect(box.x, box.y + box.height, box.width, 2);
  }
  if (matching[bar.id] && !laneOf(bar).folded) {
    drawLabel(pen, bar, box);
  }
}

/**
 * Each phase has the colour of its own outcome; a stripe along the whole bar shows
 * a failure, however short the phase that failed.
 * @param {CanvasRenderingContext2D} pen
 * @param {Bar} bar
 * @param {Box} box
 * @param {number} strength
 * @param {number} gap
 */
function drawPhases(pen, bar, box, strength, gap) {
  for (const phase of bar.phases ?? []) {
    const { left, right } = phaseSpan(phase, box, gap);
    const colour = palette[outcomeColour(phase.outcome)];
    pen.fillStyle = phase.outcome === "unfinished" ? hatch(pen, colour) : colour;
    pen.globalAlpha = strength * (isFailed(phase) ? 1 : (TINT[phase.when] ?? 1));
    pen.fillRect(left, box.y, right - left, box.height);
  }
}

/**
 * phaseSpan keeps a phase that failed two pixels wide and lets it use the gap to
 * the next bar: a short teardown at the end would vanish there.
 * @param {Phase} phase
 * @param {Box} box
 * @param {number} gap
 */
function phaseSpan(phase, box, gap) {
  const failed = isFailed(phase);
  const edge = box.x + box.width - (failed ? 0 : gap);
  const left = Math.min(snap(xOf(phase.start)), edge - (failed ? 2 : 0));
  return { left, right: Math.min(Math.max(snap(xOf(phase.end)), left + (failed ? 2 : 1)), edge) };
}

/**
 * labelSpan is the part of a bar that is strong enough to carry text.
 * @param {Bar} bar
 */
function labelSpan(bar) {
  const strong = bar.phases ? bar.phases.find((phase) => !(phase.when in TINT)) : bar;
  if (!strong || (bar.phases && strong.outcome === "unfinished")) {
    return { left: 0, room: 0 };
  }
  const left = Math.max(0, xOf(strong.start));
  const right = Math.min(view.width, xOf(strong.end));
  return { left: left + 4, room: right - left - 8 };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Bar} bar
 * @param {Box} box
 */
function drawLabel(pen, bar, box) {
  const { left, room } = labelSpan(bar);
  const letters = Math.floor(room / LABEL_WIDTH);
  if (letters < 4) {
    return;
  }
  const name = shortName(bar);
  pen.font = `11px ${palette.mono}`;
  pen.textBaseline = "middle";
  pen.fillStyle = palette["on-bar"];
  const fits = name.length * LABEL_WIDTH <= room + 2;
  pen.fillText(
    fits ? name : `${name.slice(0, letters - 1)}\u2026`,
    left,
    box.y + box.height / 2 + 0.5,
  );
}

/**
 * @param {CanvasRenderingContext2D} pen
 */
function drawOutlines(pen) {
  for (const { bar, width } of [
    { bar: ui.hover, width: 1 },
    { bar: ui.pinned, width: 2 },
  ]) {
    if (bar) {
      const box = boxOf(bar);
      pen.strokeStyle = palette.text;
      pen.lineWidth = width;
      pen.strokeRect(box.x - width / 2, box.y - width / 2, box.width + width, box.height + width);
    }
  }
  pen.lineWidth = 1;
}

export function drawAxis() {
  const pen = fit(axis, view.width, 20);
  pen.clearRect(0, 0, view.width, 20);
  pen.font = "11px system-ui, sans-serif";
  pen.textBaseline = "middle";
  const { step, times } = ticks();
  for (const time of times) {
    const x = snap(xOf(time));
    pen.fillStyle = palette.line;
    pen.fillRect(x, 0, 1, 20);
    pen.fillStyle = palette.muted;
    pen.fillText(formatTick(time, step), x + 4, 11);
  }
}
