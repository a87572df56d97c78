// Keys. Walking among the bars works on the cursor; the rest everywhere but in the search.
const help = document.getElementById("help");

const WALK = {
  ArrowLeft: () => stepInLane(-1),
  ArrowRight: () => stepInLane(1),
  ArrowUp: () => stepLane(-1),
  ArrowDown: () => stepLane(1),
  Home: () => endOfLane(false),
  End: () => endOfLane(true),
};
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
    escape();
    return;
  }
  if (event.target === search) {
    return;
  }
  const action = shifted(event) ?? (event.target === cursor && ui.focus ? WALK[event.key] : undefined) ?? ANYWHERE[event.key];
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

function shifted(event) {
  const share = { ArrowLeft: -0.25, ArrowRight: 0.25 }[event.key];
  return event.shiftKey && share ? () => pan(share) : undefined;
}

// escape takes back one thing at a time: a drag, the filter, the details.
function escape() {
  showTip(null);
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
