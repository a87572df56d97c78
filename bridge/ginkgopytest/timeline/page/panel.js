// The lists: failures, the slowest, the way to the first test, all bars.
const TABS = [
  {
    id: "failures", title: () => `Failures ${doc.failures.length}`, nothing: "Nothing failed.",
    items: () => doc.failures.map(entry).filter(matches),
  },
  {
    id: "slowest", title: () => "Slowest", nothing: "No test matches.",
    items: () => doc.slowest.map(entry).filter(matches),
  },
  {
    id: "first-test", title: () => `First test${doc.first_test === null ? "" : ` ${formatSeconds(doc.first_test)}`}`,
    nothing: "No test started.", items: () => doc.critical.map(step),
  },
  { id: "all", title: () => `All ${bars.length.toLocaleString("en")}`, nothing: "No bar matches the filter.", items: () => matchedBars().map((bar) => ({ bar })) },
];

function entry(id) {
  return { bar: bars[id] };
}

function matches(item) {
  return matching[item.bar.id] === 1;
}

function step(part, index) {
  if (part.bar !== null) {
    return { bar: bars[part.bar] };
  }
  const text = index === doc.critical.length - 1 ? "until the first test" : "gap";
  return { text, seconds: part.end - part.start };
}

function buildTabs() {
  const tabs = document.getElementById("tabs");
  for (const tab of TABS) {
    const button = element("button", { type: "button", id: `tab-${tab.id}`, textContent: tab.title() });
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
      document.getElementById(`tab-${ui.tab}`).focus();
    }
  });
}

function chooseTab(id) {
  ui.tab = id;
  for (const tab of TABS) {
    const button = document.getElementById(`tab-${tab.id}`);
    button.setAttribute("aria-selected", String(tab.id === id));
    button.tabIndex = tab.id === id ? 0 : -1;
  }
  listBox.setAttribute("aria-labelledby", `tab-${id}`);
  fillList();
}

function fillList() {
  const tab = TABS.find((candidate) => candidate.id === ui.tab);
  const items = tab.items();
  setItems(items, filtering() ? "Nothing here matches the filter." : tab.nothing);
}
