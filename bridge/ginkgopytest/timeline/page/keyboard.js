// Keys. Walking among the bars works on the cursor; the rest everywhere but in the search.
import {
  cursor,
  endOfLane,
  firstFocus,
  focusBar,
  stepFailure,
  stepInLane,
  stepLane,
} from "./cursor.js";
import { hideTip } from "./describe.js";
import { unpin } from "./details.js";
import { byId } from "./dom.js";
import { search } from "./filter.js";
import { drag, endDrag } from "./pointer.js";
import { pan, showAll, showTests, zoom, zoomTo } from "./scale.js";
import { applyFilter, pin, ui } from "./state.js";
import { toggleTheme } from "./theme.js";

export const help = byId("help", HTMLDialogElement);

/** @type {Record<string, (bar: Bar) => void>} */
const WALK = {
  ArrowLeft: (bar) => stepInLane(bar, -1),
  ArrowRight: (bar) => stepInLane(bar, 1),
  ArrowUp: (bar) => stepLane(bar, -1),
  ArrowDown: (bar) => stepLane(bar, 1),
  Home: (bar) => endOfLane(bar, false),
  End: (bar) => endOfLane(bar, true),
};
/** @type {Record<string, () => void>} */
const ANYWHERE = {
  "+": () => zoom(0.6),
  "=": () => zoom(0.6),
  "-": () => zoom(1 / 0.6),
  0: showAll,
  w: showTests,
  z: zoomToChosen,
  n: () => stepFailure(1),
  p: () => stepFailure(-1),
  t: toggleTheme,
  "/": () => search.focus(),
  "?": () => help.showModal(),
};

cursor.addEventListener("focus", () => {
  if (!ui.focus) {
    focusBar(firstFocus());
  }
});
cursor.addEventListener("click", () => pin(ui.focus));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) {
    return;
  }
  if (event.key === "Escape") {
    takeBack();
    return;
  }
  if (event.target === search) {
    return;
  }
  const action = shifted(event) ?? walking(event) ?? ANYWHERE[event.key];
  if (action) {
    event.preventDefault();
    action();
  }
});

// zoomToChosen takes the bar in focus, or else the one whose details are shown.
function zoomToChosen() {
  const bar = document.activeElement === cursor ? ui.focus : ui.pinned;
  if (bar) {
    zoomTo(bar);
  }
}

/**
 * walking is what a key does on the cursor.
 * @param {KeyboardEvent} event
 */
function walking(event) {
  const bar = event.target === cursor ? ui.focus : null;
  const walk = WALK[event.key];
  return bar && walk ? () => walk(bar) : undefined;
}

/**
 * @param {KeyboardEvent} event
 */
function shifted(event) {
  const share = { ArrowLeft: -0.25, ArrowRight: 0.25 }[event.key];
  return event.shiftKey && share ? () => pan(share) : undefined;
}

// takeBack undoes one thing at a time: a drag, the filter, the details.
function takeBack() {
  hideTip();
  if (drag) {
    endDrag();
  } else if (document.activeElement === search && search.value) {
    search.value = "";
    ui.text = "";
    applyFilter();
  } else if (ui.pinned) {
    unpin();
  }
}
