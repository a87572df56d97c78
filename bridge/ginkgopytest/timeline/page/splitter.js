// The border between timeline and details, for the mouse and for arrow keys.
import { byId } from "./dom.js";
import { schedule } from "./state.js";

const splitter = byId("splitter", HTMLElement);
const timelineBox = byId("timeline", HTMLElement);
const SMALLEST = 120;
const STEP = 40;

/**
 * divide gives the timeline a height; without one it is as high as its lanes.
 * @param {number} height
 */
function divide(height) {
  const room = byId("main", HTMLElement).clientHeight;
  const chosen = Math.round(Math.max(SMALLEST, Math.min(height, room - SMALLEST)));
  timelineBox.style.flex = `0 0 ${chosen}px`;
  splitter.setAttribute("aria-valuenow", String(Math.round((100 * chosen) / room)));
  schedule();
}

splitter.addEventListener("pointerdown", (event) => splitter.setPointerCapture(event.pointerId));
splitter.addEventListener("pointermove", (event) => {
  if (event.buttons & 1) {
    divide(event.clientY - timelineBox.getBoundingClientRect().top);
  }
});
splitter.addEventListener("dblclick", () => {
  timelineBox.style.flex = "";
  schedule();
});
splitter.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -STEP, ArrowDown: STEP }[event.key];
  if (step) {
    event.preventDefault();
    event.stopPropagation();
    divide(timelineBox.offsetHeight + step);
  }
});
