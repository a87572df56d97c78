// Filters by outcome and text.
import { bars, isTest, OUTCOMES } from "./data.js";
import { byId, element } from "./dom.js";
import { applyFilter, filtering, matchedBars, ui } from "./state.js";

export const search = byId("search", HTMLInputElement);

export function buildOutcomes() {
  const holder = byId("outcomes", HTMLElement);
  /** @type {Record<string, number>} */
  const counts = {};
  for (const bar of bars.filter(isTest)) {
    counts[bar.outcome] = (counts[bar.outcome] ?? 0) + 1;
  }
  const present = new Set(bars.map((bar) => bar.outcome));
  for (const outcome of OUTCOMES.filter((name) => present.has(name))) {
    const mark = element("span", { className: "swatch" });
    mark.style.backgroundColor = `var(--${outcome})`;
    const button = element(
      "button",
      { type: "button", title: `Show or dim what is ${outcome}` },
      mark,
      element("b", { textContent: String(counts[outcome] ?? 0) }),
      outcome,
    );
    button.dataset.outcome = outcome;
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => toggleOutcome(button, outcome));
    holder.append(button);
  }
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} outcome
 */
function toggleOutcome(button, outcome) {
  if (!ui.hidden.delete(outcome)) {
    ui.hidden.add(outcome);
  }
  button.setAttribute("aria-pressed", String(!ui.hidden.has(outcome)));
  applyFilter();
}

export function showMatches() {
  const number = matchedBars().length;
  const text = filtering() ? `${number} of ${bars.length}` : "";
  byId("matches", HTMLElement).textContent = text;
}

search.addEventListener("input", () => {
  ui.text = search.value;
  applyFilter();
});
