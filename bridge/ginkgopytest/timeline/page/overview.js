// The whole run in a strip: how many tests ran at a time, what failed, and the view.
import { bars, isFailed, isTest, laneOf, TOTAL } from "./data.js";
import { byId } from "./dom.js";
import { fit } from "./draw.js";
import { snap } from "./layout.js";
import { view } from "./scale.js";
import { palette } from "./theme.js";

export const overview = byId("overview", HTMLCanvasElement);
const STRIP = 34;
/** @type {ReturnType<typeof measureProfile> | null} */
let profile = null;

/**
 * loads is how many bars of some lanes run in each pixel column, on average.
 * @param {(bar: Bar) => boolean} chosen
 * @param {number} width
 */
function loads(chosen, width) {
  const load = new Float64Array(width);
  for (const bar of bars.filter(chosen)) {
    const left = (bar.start / TOTAL) * width;
    const right = (bar.end / TOTAL) * width;
    for (let x = Math.floor(left); x < Math.min(right, width); x++) {
      load[x] += Math.min(right, x + 1) - Math.max(left, x);
    }
  }
  return load;
}

/**
 * @param {number} width
 */
function measureProfile(width) {
  const steps = (/** @type {Bar} */ bar) =>
    ["infrastructure", "seed", "suite"].includes(laneOf(bar).group);
  return {
    width,
    tests: loads(isTest, width),
    steps: loads(steps, width),
    failures: bars.filter(isFailed),
  };
}

export function drawOverview() {
  const width = Math.max(1, Math.floor(view.width));
  if (profile?.width !== width) {
    profile = measureProfile(width);
  }
  const pen = fit(overview, view.width, STRIP);
  pen.clearRect(0, 0, view.width, STRIP);
  drawLoad(pen, profile.steps, palette.infrastructure);
  drawLoad(pen, profile.tests, palette.passed);
  pen.fillStyle = palette.failed;
  for (const bar of profile.failures) {
    pen.fillRect(snap((bar.start / TOTAL) * view.width), 0, 2, 6);
  }
  drawBrush(pen);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Float64Array} load
 * @param {string} colour
 */
function drawLoad(pen, load, colour) {
  const most = load.reduce((high, value) => Math.max(high, value), 1);
  pen.fillStyle = colour;
  pen.globalAlpha = 0.55;
  for (let x = 0; x < load.length; x++) {
    const height = (load[x] / most) * (STRIP - 9);
    pen.fillRect(x, STRIP - height, 1, height);
  }
  pen.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} pen
 */
function drawBrush(pen) {
  if (view.end - view.start >= TOTAL) {
    return;
  }
  const left = (view.start / TOTAL) * view.width;
  const right = Math.max((view.end / TOTAL) * view.width, left + 2);
  pen.fillStyle = palette.page;
  pen.globalAlpha = 0.5;
  pen.fillRect(0, 0, left, STRIP);
  pen.fillRect(right, 0, view.width - right, STRIP);
  pen.globalAlpha = 1;
  pen.strokeStyle = palette.accent;
  pen.strokeRect(left + 0.5, 0.5, right - left - 1, STRIP - 1);
}
