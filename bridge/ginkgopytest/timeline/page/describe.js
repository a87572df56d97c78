// The tip under the pointer.
import { isFailed, laneOf } from "./data.js";
import { byId, element } from "./dom.js";
import { formatSeconds, outcomeWords, shortName } from "./format.js";

const tip = byId("tip", HTMLElement);

/**
 * @param {Bar | null} bar
 * @param {number} x
 * @param {number} y
 */
export function showTip(bar, x, y) {
  if (!bar) {
    hideTip();
    return;
  }
  tip.replaceChildren(
    element("b", { textContent: shortName(bar) }),
    element("p", {
      textContent: `${outcomeWords(bar)} \u00b7 ${formatSeconds(bar.end - bar.start)} \u00b7 at ${formatSeconds(bar.start)} \u00b7 ${laneOf(bar).name}`,
    }),
    ...tipPhases(bar),
    ...(bar.message && isFailed(bar)
      ? [element("p", { className: "first-line", textContent: bar.message })]
      : []),
  );
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - box.width - 8))}px`;
  tip.style.top = `${y + 18 + box.height > innerHeight ? y - box.height - 10 : y + 18}px`;
}

/**
 * @param {Bar} bar
 */
function tipPhases(bar) {
  if (!bar.phases) {
    return [];
  }
  const parts = bar.phases.map(
    (phase) => `${phase.when} ${formatSeconds(phase.end - phase.start)}`,
  );
  return [element("p", { textContent: parts.join(" \u00b7 ") })];
}

export function hideTip() {
  tip.hidden = true;
}
