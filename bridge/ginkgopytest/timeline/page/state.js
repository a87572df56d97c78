// What the reader has chosen. Every change ends in schedule().
const ui = {
  hidden: new Set(), text: "", focus: null, hover: null, pinned: null, collapsed: new Set(), tab: null,
};
const matching = new Uint8Array(bars.length).fill(1);
let frame = 0;

function schedule() {
  if (!frame) {
    frame = requestAnimationFrame(() => {
      frame = 0;
      paint();
    });
  }
}

function filtering() {
  return ui.hidden.size > 0 || ui.text !== "";
}

function matchedBars() {
  return bars.filter((bar) => matching[bar.id]);
}

// applyFilter dims what does not match; nothing moves.
function applyFilter() {
  const words = ui.text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const bar of bars) {
    const match = !ui.hidden.has(bar.outcome) && words.every((word) => bar.words.includes(word));
    matching[bar.id] = match ? 1 : 0;
  }
  showMatches();
  fillList();
  schedule();
}

function pin(bar) {
  ui.pinned = bar;
  showDetails(bar);
  nameInAddress(bar);
  markCurrent();
  schedule();
}

function hover(bar) {
  if (ui.hover !== bar) {
    ui.hover = bar;
    schedule();
  }
}

function announce(text) {
  document.getElementById("live").textContent = text;
}
