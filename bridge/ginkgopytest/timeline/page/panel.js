// The lists: failures, the slowest, the way to the first test, all bars.
import { bars, doc } from "./data.js";
import { byId, element } from "./dom.js";
import { formatSeconds } from "./format.js";
import { listBox, setItems } from "./list.js";
import { filtering, matchedBars, matching, ui } from "./state.js";

const TABS = [
  {
    id: "failures",
    title: () => `Failures ${doc.failures.length}`,
    nothing: "Nothing failed.",
    items: () => doc.failures.map(entry).filter(matches),
  },
  {
    id: "slowest",
    title: () => "Slowest",
    nothing: "No test matches.",
    items: () => doc.slowest.map(entry).filter(matches),
  },
  {
    id: "first-test",
    title: () => `First test${doc.first_test === null ? "" : ` ${formatSeconds(doc.first_test)}`}`,
    nothing: "No test started.",
    items: () => doc.critical.map(step),
  },
  {
    id: "all",
    title: () => `All ${bars.length.toLocaleString("en")}`,
    nothing: "No bar matches the filter.",
    items: () => matchedBars().map((bar) => ({ bar })),
  },
];

/**
 * @param {number} id
 */
function entry(id) {
  return { bar: bars[id] };
}

/**
 * @param {Item} item
 */
function matches(item) {
  return item.bar !== undefined && matching[item.bar.id] === 1;
}

/**
 * @param {Step} part
 * @param {number} index
 */
function step(part, index) {
  if (part.bar !== null) {
    return { bar: bars[part.bar] };
  }
  const text = index === doc.critical.length - 1 ? "until the first test" : "gap";
  return { text, seconds: part.end - part.start };
}

export function buildTabs() {
  const tabs = byId("tabs", HTMLElement);
  for (const tab of TABS) {
    const button = element("button", {
      type: "button",
      id: `tab-${tab.id}`,
      textContent: tab.title(),
    });
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", "list");
    button.addEventListener("click", () => chooseTab(tab.id));
    tabs.append(button);
  }
  tabs.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (move) {
      event.preventDefault();
      event.stopPropagation();
      const at = TABS.findIndex((tab) => tab.id === ui.tab);
      chooseTab(TABS[(at + move + TABS.length) % TABS.length].id);
      byId(`tab-${ui.tab}`, HTMLElement).focus();
    }
  });
}

/**
 * @param {string} id
 */
export function chooseTab(id) {
  ui.tab = id;
  for (const tab of TABS) {
    const button = byId(`tab-${tab.id}`, HTMLElement);
    button.setAttribute("aria-selected", String(tab.id === id));
    button.tabIndex = tab.id === id ? 0 : -1;
  }
  listBox.setAttribute("aria-labelledby", `tab-${id}`);
  fillList();
}

export function fillList() {
  const tab = TABS.find((candidate) => candidate.id === ui.tab) ?? TABS[0];
  const items = tab.items();
  setItems(items, filtering() ? "Nothing here matches the filter." : tab.nothing);
}
