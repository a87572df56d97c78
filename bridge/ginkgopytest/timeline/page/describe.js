// The tip under the pointer.
const tip = document.getElementById("tip");

function showTip(bar, x, y) {
  if (!bar) {
    tip.hidden = true;
    return;
  }
  const report = bar.reports?.[0];
  tip.replaceChildren(
    element("b", { textContent: shortName(bar) }),
    element("p", { textContent: `${outcomeWords(bar)} \u00b7 ${formatSeconds(bar.end - bar.start)} \u00b7 at ${formatSeconds(bar.start)} \u00b7 ${laneOf(bar).name}` }),
    ...tipPhases(bar),
    ...(report && isFailed(bar) ? [element("p", { className: "first-line", textContent: gist(report[1]) })] : []),
  );
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - box.width - 8))}px`;
  tip.style.top = `${y + 18 + box.height > innerHeight ? y - box.height - 10 : y + 18}px`;
}

function tipPhases(bar) {
  if (!bar.phases) {
    return [];
  }
  const parts = bar.phases.map((phase) => `${phase.when} ${formatSeconds(phase.end - phase.start)}`);
  return [element("p", { textContent: parts.join(" \u00b7 ") })];
}

// gist is the line of a traceback that says what is wrong.
function gist(text) {
  const lines = withoutColours(text).trimEnd().split("\n");
  const line = lines.find((candidate) => /^E\s/.test(candidate)) ?? lines.at(-1);
  return line.replace(/^E\s+/, "").slice(0, 300);
}
