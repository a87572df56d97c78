// The border between timeline and details, for the mouse and for arrow keys.
const splitter = document.getElementById("splitter");
const timelineBox = document.getElementById("timeline");
const SMALLEST = 120;
const STEP = 40;

// divide gives the timeline a height; without one it is as high as its lanes.
function divide(height) {
  const room = document.querySelector("main").clientHeight;
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
