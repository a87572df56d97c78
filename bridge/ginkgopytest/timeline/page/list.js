// A list that makes elements only for what is in view: thousands of entries cost as
// much as thirty. Arrow keys walk in it; one entry is in the tab order.
import { showBar } from "./cursor.js";
import { isFailed, laneOf } from "./data.js";
import { swatch } from "./details.js";
import { byId, element } from "./dom.js";
import { formatSeconds, outcomeWords, shortName } from "./format.js";
import { pin, ui } from "./state.js";

const ITEM = 26;
const OVERSCAN = 8;
export const listBox = byId("list", HTMLElement);
/** @type {{ items: Item[], active: number, holder: HTMLUListElement, made: Map<number, HTMLLIElement> }} */
const list = {
  items: [],
  active: 0,
  holder: element("ul", { className: "items" }),
  made: new Map(),
};

/**
 * @param {Item[]} items
 * @param {string} nothing
 */
export function setItems(items, nothing) {
  list.items = items;
  list.active = Math.max(
    0,
    items.findIndex((item) => item.bar !== undefined),
  );
  list.made.clear();
  list.holder.replaceChildren();
  list.holder.style.height = `${items.length * ITEM}px`;
  listBox.replaceChildren(
    items.length > 0 ? list.holder : element("p", { className: "empty", textContent: nothing }),
  );
  listBox.scrollTop = 0;
  renderItems();
}

export function renderItems() {
  const first = Math.max(0, Math.floor(listBox.scrollTop / ITEM) - OVERSCAN);
  const last = Math.min(
    list.items.length,
    Math.ceil((listBox.scrollTop + listBox.clientHeight) / ITEM) + OVERSCAN,
  );
  const keep = (/** @type {number} */ index) =>
    (index >= first && index < last) || index === list.active;
  for (const [index, made] of list.made) {
    if (!keep(index)) {
      made.remove();
      list.made.delete(index);
    }
  }
  for (let index = first; index < last; index++) {
    makeItem(index);
  }
  if (list.active < list.items.length) {
    makeItem(list.active);
  }
}

/**
 * @param {number} index
 */
function makeItem(index) {
  if (list.made.has(index)) {
    return;
  }
  const item = list.items[index];
  const made = element(
    "li",
    {},
    item.bar === undefined ? gapEntry(item) : barEntry(item.bar, index),
  );
  made.setAttribute("aria-setsize", String(list.items.length));
  made.setAttribute("aria-posinset", String(index + 1));
  made.style.top = `${index * ITEM}px`;
  list.made.set(index, made);
  // Elements stand in the order of the list, whatever the order of scrolling.
  const after = [...list.holder.children].find((other) => Number(other.ariaPosInSet) > index + 1);
  list.holder.insertBefore(made, after ?? null);
}

/**
 * @param {Item} item
 */
function gapEntry(item) {
  return element(
    "div",
    { className: "gap" },
    element("span", { className: "swatch" }),
    element("span", { className: "name", textContent: item.text }),
    element("span", { className: "time", textContent: formatSeconds(item.seconds ?? 0) }),
  );
}

/**
 * @param {Bar} bar
 * @param {number} index
 */
function barEntry(bar, index) {
  const entry = element(
    "button",
    { type: "button", title: bar.name, tabIndex: index === list.active ? 0 : -1 },
    swatch(bar),
    element("span", { className: "name", textContent: shortName(bar) }),
    element("span", { className: "unseen", textContent: outcomeWords(bar) }),
    element("span", { className: "gist", textContent: isFailed(bar) ? (bar.message ?? "") : "" }),
    element("span", {
      className: "lane-name",
      textContent: laneOf(bar).name === bar.name ? "" : laneOf(bar).name,
    }),
    element("span", { className: "time", textContent: formatSeconds(bar.end - bar.start) }),
  );
  entry.setAttribute("aria-current", String(ui.pinned === bar));
  entry.addEventListener("click", () => {
    activate(index);
    showBar(bar);
    pin(bar);
  });
  return entry;
}

/**
 * @param {number} index
 */
function activate(index) {
  const button = (/** @type {number} */ at) => list.made.get(at)?.querySelector("button");
  const before = button(list.active);
  if (before) {
    before.tabIndex = -1;
  }
  list.active = index;
  makeItem(index);
  const now = button(index);
  if (now) {
    now.tabIndex = 0;
    now.focus({ preventScroll: true });
  }
}

/**
 * walkList moves to the next entry that is a bar and keeps it in view.
 * @param {number} step
 */
function walkList(step) {
  let index = list.active + step;
  while (list.items[index] && list.items[index].bar === undefined) {
    index += Math.sign(step);
  }
  if (!list.items[index]) {
    return;
  }
  const top = index * ITEM;
  listBox.scrollTop = Math.min(Math.max(listBox.scrollTop, top + ITEM - listBox.clientHeight), top);
  renderItems();
  activate(index);
}

export function markCurrent() {
  for (const [index, made] of list.made) {
    made
      .querySelector("button")
      ?.setAttribute("aria-current", String(list.items[index].bar === ui.pinned));
  }
}

listBox.addEventListener("scroll", renderItems);
listBox.addEventListener("keydown", (event) => {
  const page = Math.max(1, Math.floor(listBox.clientHeight / ITEM) - 1);
  /** @type {Record<string, number>} */
  const steps = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: Math.min(page, list.items.length - 1 - list.active),
    PageUp: -Math.min(page, list.active),
    Home: -list.active,
    End: list.items.length - 1 - list.active,
  };
  if (event.key in steps && !event.shiftKey) {
    event.preventDefault();
    event.stopPropagation();
    if (steps[event.key] !== 0) {
      walkList(steps[event.key]);
    }
  }
});
