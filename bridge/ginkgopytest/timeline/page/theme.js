// Dark and light: the system's wish until the reader chooses.
const THEME_KEY = "ginkgopytest-timeline-theme";
const systemDark = matchMedia("(prefers-color-scheme: dark)");
let palette = {};

function storedTheme() {
  try {
    return localStorage.getItem(THEME_KEY);
  } catch {
    return null; // a page without storage, as in a sandboxed frame
  }
}

function storeTheme(name) {
  try {
    localStorage.setItem(THEME_KEY, name);
  } catch {
    // the choice lasts as long as the page
  }
}

function applyTheme(name) {
  document.documentElement.dataset.theme = name;
  document.getElementById("theme").setAttribute("aria-pressed", String(name === "dark"));
  const style = getComputedStyle(document.documentElement);
  palette = new Proxy({}, {
    get(known, key) {
      known[key] ??= style.getPropertyValue(`--${key}`).trim();
      return known[key];
    },
  });
  hatches.clear();
  schedule();
}

function toggleTheme() {
  const name = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  storeTheme(name);
  applyTheme(name);
}

function startTheme() {
  const choose = () => applyTheme(storedTheme() ?? (systemDark.matches ? "dark" : "light"));
  systemDark.addEventListener("change", choose);
  choose();
}

// colourName is the custom property of a bar: what went wrong has the colour
// of its outcome, the rest of the lanes beside the tests that of its group.
function colourName(bar) {
  const group = laneOf(bar).group;
  if (group === "tests" || bar.outcome !== "passed") {
    return outcomeColour(bar.outcome);
  }
  return group;
}

function outcomeColour(outcome) {
  return OUTCOMES.includes(outcome) ? outcome : "unfinished";
}

const hatches = new Map();

// hatch is a pattern of stripes for what has no end in the log.
function hatch(context, colour) {
  if (!hatches.has(colour)) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.globalAlpha = 0.45;
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 8, 8);
    pen.globalAlpha = 1;
    pen.strokeStyle = colour;
    pen.lineWidth = 2.5;
    pen.beginPath();
    for (const offset of [-8, 0, 8]) {
      pen.moveTo(offset - 1, 9);
      pen.lineTo(offset + 9, -1);
    }
    pen.stroke();
    hatches.set(colour, context.createPattern(tile, "repeat"));
  }
  return hatches.get(colour);
}
