// Mouse, pen and finger on the canvas and the overview.
import { focusBar } from "./cursor.js";
import { TOTAL } from "./data.js";
import { hideTip, showTip } from "./describe.js";
import { byId } from "./dom.js";
import { canvas } from "./draw.js";
import { barAt, scroller } from "./layout.js";
import { overview } from "./overview.js";
import { pan, show, showAll, timeOf, view, zoom } from "./scale.js";
import { hover } from "./state.js";

const selection = byId("selection", HTMLElement);
const DRAG_FROM = 4;
/** @type {{ from: number, to: number } | null} */
export let drag = null;

/**
 * @param {MouseEvent} event
 */
function pointOf(event) {
  const box = canvas.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top + scroller.scrollTop };
}

canvas.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      pan(sideways / 800);
    } else {
      zoom(Math.exp(Math.max(-200, Math.min(200, event.deltaY)) * 0.002), timeOf(pointOf(event).x));
    }
  },
  { passive: false },
);

canvas.addEventListener("pointerdown", (event) => {
  if (event.button === 0) {
    canvas.setPointerCapture(event.pointerId);
    drag = { from: pointOf(event).x, to: pointOf(event).x };
  }
});

canvas.addEventListener("pointermove", (event) => {
  const { x, y } = pointOf(event);
  if (drag) {
    drag.to = Math.max(0, Math.min(view.width, x));
    showSelection(drag);
    return;
  }
  const bar = barAt(x, y);
  hover(bar);
  canvas.style.cursor = bar ? "pointer" : "";
  showTip(bar, event.clientX, event.clientY);
});

canvas.addEventListener("pointerup", (event) => {
  const { x, y } = pointOf(event);
  const dragged = drag && Math.abs(drag.to - drag.from) >= DRAG_FROM ? drag : null;
  const clicked = drag && !dragged;
  endDrag();
  if (dragged) {
    show(timeOf(Math.min(dragged.from, dragged.to)), timeOf(Math.max(dragged.from, dragged.to)));
  } else if (clicked) {
    clickBar(barAt(x, y));
  }
});

canvas.addEventListener("pointerleave", () => {
  hover(null);
  hideTip();
});
canvas.addEventListener("pointercancel", endDrag);
canvas.addEventListener("dblclick", (event) => {
  const { x, y } = pointOf(event);
  if (!barAt(x, y)) {
    showAll();
  }
});

/**
 * @param {Bar | null} bar
 */
function clickBar(bar) {
  if (bar) {
    focusBar(bar, { pinned: true });
  }
}

/**
 * @param {{ from: number, to: number }} marked
 */
function showSelection({ from, to }) {
  selection.hidden = Math.abs(to - from) < DRAG_FROM;
  selection.style.left = `${Math.min(from, to)}px`;
  selection.style.width = `${Math.abs(to - from)}px`;
  selection.style.height = canvas.style.height;
  hideTip();
}

export function endDrag() {
  drag = null;
  selection.hidden = true;
}

/**
 * @param {PointerEvent} event
 */
function moveView(event) {
  if (event.buttons & 1) {
    const box = overview.getBoundingClientRect();
    const middle = ((event.clientX - box.left) / box.width) * TOTAL;
    const half = (view.end - view.start) / 2;
    show(middle - half, middle + half);
  }
}

overview.addEventListener("pointerdown", (event) => {
  overview.setPointerCapture(event.pointerId);
  moveView(event);
});
overview.addEventListener("pointermove", moveView);
overview.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    zoom(Math.exp(event.deltaY * 0.002));
  },
  { passive: false },
);
