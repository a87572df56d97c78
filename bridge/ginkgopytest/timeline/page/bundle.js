// Generated from the modules beside this file by make generate; do not edit.
"use strict";
(() => {
  // bridge/ginkgopytest/timeline/page/dom.js
  function byId(id, type) {
    const found = document.getElementById(id);
    if (!(found instanceof type)) {
      throw new Error(`page.html has no ${type.name} with the id ${id}`);
    }
    return found;
  }
  function penOf(surface) {
    const pen = surface.getContext("2d");
    if (!pen) {
      throw new Error("this browser cannot draw on a canvas");
    }
    return pen;
  }
  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  // bridge/ginkgopytest/timeline/page/data.js
  var doc = JSON.parse(byId("data", HTMLScriptElement).textContent ?? "");
  var bars = doc.bars;
  var lanes = doc.lanes;
  var TOTAL = Math.max(doc.seconds, ...bars.slice(-1).map((bar) => bar.end), 1e-3);
  var GROUPS = ["infrastructure", "seed", "suite", "tests", "specs"];
  var GROUP_NAMES = {
    infrastructure: "Infrastructure",
    seed: "Seed",
    suite: "Suite",
    tests: "Tests by worker",
    specs: "Ginkgo specs"
  };
  var OUTCOMES = [
    "passed",
    "failed",
    "error",
    "skipped",
    "xfailed",
    "xpassed",
    "rerun",
    "unfinished"
  ];
  var critical = new Set(
    doc.critical.filter((step2) => step2.bar !== null).map((step2) => step2.bar)
  );
  for (const lane of lanes) {
    lane.rowBars = Array.from({ length: lane.rows }, () => Object.assign([], { failed: [] }));
  }
  for (const bar of bars) {
    lanes[bar.lane].rowBars[bar.row].push(bar);
    if (isFailed(bar)) {
      lanes[bar.lane].rowBars[bar.row].failed.push(bar);
    }
    bar.words = `${bar.name} ${lanes[bar.lane].name}`.toLowerCase();
  }
  function laneOf(bar) {
    return lanes[bar.lane];
  }
  function isTest(bar) {
    return laneOf(bar).group === "tests";
  }
  function isFailed(bar) {
    return bar.outcome === "failed" || bar.outcome === "error";
  }
  function firstEndingAfter(row, time) {
    let low = 0;
    let high = row.length;
    while (low < high) {
      const middle = low + high >> 1;
      if (row[middle].end > time) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  // bridge/ginkgopytest/timeline/page/address.js
  function barOfAddress() {
    let wanted;
    try {
      wanted = decodeURIComponent(location.hash.slice(1));
    } catch {
      return null;
    }
    return wanted ? bars.findLast((bar) => isTest(bar) && bar.nodeid === wanted) ?? null : null;
  }
  function nameInAddress(bar) {
    const hash = bar?.nodeid ? `#${encodeURIComponent(bar.nodeid)}` : location.pathname;
    try {
      history.replaceState(null, "", hash);
    } catch {
    }
  }

  // bridge/ginkgopytest/timeline/page/format.js
  function formatSeconds(seconds) {
    const size = Math.abs(seconds);
    if (size === 0) {
      return "0 s";
    }
    if (size < 1e-3) {
      return `${(seconds * 1e6).toFixed(0)} \xB5s`;
    }
    if (size < 0.01) {
      return `${(seconds * 1e3).toFixed(1)} ms`;
    }
    if (size < 1) {
      return `${(seconds * 1e3).toFixed(0)} ms`;
    }
    if (size < 60) {
      return `${seconds.toFixed(2)} s`;
    }
    return `${Math.floor(size / 60)} m ${(size % 60).toFixed(0).padStart(2, "0")} s`;
  }
  function formatTick(seconds, step2) {
    if (step2 >= 1 && seconds >= 60) {
      return `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
    }
    if (step2 < 1e-3) {
      return `${(seconds * 1e3).toFixed(Math.max(0, -Math.floor(Math.log10(step2 * 1e3))))} ms`;
    }
    return `${seconds.toFixed(Math.max(0, -Math.floor(Math.log10(step2))))} s`;
  }
  function plural(number, noun) {
    return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  }
  function shortName(bar) {
    if (!isTest(bar)) {
      return bar.name;
    }
    const bracket = bar.name.indexOf("[");
    const cut = bar.name.lastIndexOf("::", bracket < 0 ? void 0 : bracket);
    return cut < 0 ? bar.name : bar.name.slice(cut + 2);
  }
  function outcomeWords(bar) {
    const state = bar.state && bar.state !== bar.outcome ? ` (${bar.state})` : "";
    const attempt = bar.attempts ? `, attempt ${bar.attempt} of ${bar.attempts}` : "";
    return `${bar.outcome}${state}${attempt}`;
  }
  function spoken(bar) {
    return `${bar.name}, ${outcomeWords(bar)}, ${formatSeconds(bar.end - bar.start)}, starts at ${formatSeconds(bar.start)}, ${laneOf(bar).name}`;
  }
  function withoutColours(text) {
    return text.replace(/\u001b\[[0-9;]*m/g, "");
  }

  // bridge/ginkgopytest/timeline/page/state.js
  var ui = {
    hidden: /* @__PURE__ */ new Set(),
    text: "",
    focus: null,
    hover: null,
    pinned: null,
    collapsed: /* @__PURE__ */ new Set(),
    tab: null
  };
  var matching = new Uint8Array(bars.length).fill(1);
  var listeners = { paint: [], pin: [], filter: [] };
  var frame = 0;
  function on(change, listener) {
    listeners[change].push(listener);
  }
  function tell(change) {
    for (const listener of listeners[change]) {
      listener();
    }
  }
  function painted() {
    return frame === 0;
  }
  function schedule() {
    if (!frame) {
      frame = requestAnimationFrame(() => {
        frame = 0;
        tell("paint");
      });
    }
  }
  function filtering() {
    return ui.hidden.size > 0 || ui.text !== "";
  }
  function matchedBars() {
    return bars.filter((bar) => matching[bar.id]);
  }
  function applyFilter() {
    const words = ui.text.toLowerCase().split(/\s+/).filter(Boolean);
    for (const bar of bars) {
      const match = !ui.hidden.has(bar.outcome) && words.every((word) => bar.words.includes(word));
      matching[bar.id] = match ? 1 : 0;
    }
    tell("filter");
    schedule();
  }
  function pin(bar) {
    ui.pinned = bar;
    tell("pin");
    schedule();
  }
  function hover(bar) {
    if (ui.hover !== bar) {
      ui.hover = bar;
      schedule();
    }
  }
  function announce(text) {
    byId("live", HTMLElement).textContent = text;
  }

  // bridge/ginkgopytest/timeline/page/scale.js
  var MIN_SPAN = 1e-4;
  var view = { start: 0, end: TOTAL, width: 1 };
  function xOf(time) {
    return (time - view.start) / (view.end - view.start) * view.width;
  }
  function timeOf(x) {
    return view.start + x / view.width * (view.end - view.start);
  }
  function show(start, end) {
    const span = Math.min(TOTAL, Math.max(MIN_SPAN, end - start));
    view.start = Math.min(Math.max(0, start), TOTAL - span);
    view.end = view.start + span;
    schedule();
  }
  function showAll() {
    show(0, TOTAL);
  }
  function showTests() {
    const tests = bars.filter(isTest);
    if (tests.length > 0) {
      const start = tests[0].start;
      const end = tests.reduce((last, bar) => Math.max(last, bar.end), start);
      show(start - (end - start) * 0.02, end + (end - start) * 0.02);
    }
  }
  function zoom(factor, at = (view.start + view.end) / 2) {
    const span = Math.min(TOTAL, Math.max(MIN_SPAN, (view.end - view.start) * factor));
    const share = (at - view.start) / (view.end - view.start);
    show(at - share * span, at + (1 - share) * span);
  }
  function pan(share) {
    const distance = share * (view.end - view.start);
    show(view.start + distance, view.end + distance);
  }
  function zoomTo(bar) {
    const margin = Math.max(bar.end - bar.start, MIN_SPAN) * 0.6;
    show(bar.start - margin, bar.end + margin);
  }
  function reveal(bar) {
    const span = view.end - view.start;
    if (bar.end > view.start && bar.start < view.end) {
      return;
    }
    const middle = Math.min((bar.start + bar.end) / 2, bar.start + span / 3);
    show(middle - span / 2, middle + span / 2);
  }
  function ticks() {
    const wanted = (view.end - view.start) / view.width * 90;
    const power = 10 ** Math.floor(Math.log10(wanted));
    const step2 = power * ([1, 2, 5].find((factor) => factor * power >= wanted) ?? 10);
    const found = [];
    for (let i = Math.ceil(view.start / step2); i * step2 <= view.end; i++) {
      found.push(i * step2);
    }
    return { step: step2, times: found };
  }

  // bridge/ginkgopytest/timeline/page/layout.js
  var ROW = 20;
  var HEADING = 22;
  var INSET = 2;
  var scroller = byId("scroll", HTMLElement);
  var layout = { groups: [], height: 0 };
  function stackLanes() {
    let top = 0;
    layout.groups = [];
    for (const name of GROUPS) {
      const members = lanes.filter((lane) => lane.group === name);
      if (members.length === 0) {
        continue;
      }
      const folded = ui.collapsed.has(name);
      layout.groups.push({ name, lanes: members, top, folded });
      let below = top + HEADING;
      for (const lane of members) {
        lane.folded = folded;
        lane.top = folded ? top : below;
        below += folded ? 0 : lane.rows * ROW;
      }
      top = below;
    }
    layout.height = top;
  }
  function foldToFit() {
    stackLanes();
    for (const name of ["seed", "infrastructure"]) {
      if (layout.height > innerHeight * 0.55 && lanes.filter((lane) => lane.group === name).length > 2) {
        ui.collapsed.add(name);
        stackLanes();
      }
    }
  }
  function boxOf(bar) {
    const lane = laneOf(bar);
    const left = snap(xOf(bar.start));
    const right = Math.max(snap(xOf(bar.end)), left + 1);
    if (lane.folded) {
      return { x: left, y: lane.top + 6, width: right - left, height: HEADING - 12 };
    }
    return {
      x: left,
      y: lane.top + bar.row * ROW + INSET,
      width: right - left,
      height: ROW - 2 * INSET
    };
  }
  function snap(x) {
    return Math.round(x * devicePixelRatio) / devicePixelRatio;
  }
  function barAt(x, y) {
    for (const lane of lanes) {
      const height = lane.folded ? HEADING : lane.rows * ROW;
      if (y < lane.top || y >= lane.top + height) {
        continue;
      }
      const rows = lane.folded ? lane.rowBars : [lane.rowBars[Math.floor((y - lane.top) / ROW)]];
      for (const row of rows) {
        const found = nearest(row, x);
        if (found) {
          return found;
        }
      }
      if (!lane.folded) {
        return null;
      }
    }
    return null;
  }
  function nearest(row, x) {
    let best = null;
    let distance = 3;
    for (let i = firstEndingAfter(row, timeOf(x - 3)); i < row.length && xOf(row[i].start) <= x + 3; i++) {
      const away = Math.max(
        xOf(row[i].start) - x,
        x - Math.max(xOf(row[i].end), xOf(row[i].start) + 1),
        0
      );
      if (away < distance) {
        best = row[i];
        distance = away;
      }
    }
    return best;
  }
  function buildGutter() {
    const gutter = byId("gutter", HTMLElement);
    gutter.replaceChildren();
    for (const group of layout.groups) {
      const heading = element(
        "button",
        { type: "button", className: "group", textContent: GROUP_NAMES[group.name] },
        element("span", { textContent: groupFacts(group) })
      );
      heading.setAttribute("aria-expanded", String(!group.folded));
      heading.style.top = `${group.top}px`;
      heading.addEventListener("click", () => fold(group.name));
      gutter.append(heading);
      if (!group.folded) {
        gutter.append(...group.lanes.map(laneLabel));
      }
    }
    byId("spacer", HTMLElement).style.height = `${layout.height}px`;
  }
  function groupFacts(group) {
    const number = group.lanes.reduce((sum, lane) => sum + lane.rowBars.flat().length, 0);
    return plural(number, { tests: "test run", specs: "spec" }[group.name] ?? "step");
  }
  function laneLabel(lane) {
    const label = element(
      "div",
      { className: lane.error ? "lane died" : "lane", title: lane.error || lane.name },
      element("span", { textContent: lane.error ? `${lane.name} died` : lane.name })
    );
    if (lane.busy !== void 0) {
      label.append(
        element(
          "em",
          { textContent: `${Math.round(lane.busy * 100)}%` },
          element("span", { textContent: " busy" })
        )
      );
    } else if (lane.group !== "specs" && lane.rows === 1 && lane.rowBars[0].length === 1) {
      const [bar] = lane.rowBars[0];
      label.append(
        element("em", { className: "life", textContent: formatSeconds(bar.end - bar.start) })
      );
    }
    label.style.top = `${lane.top}px`;
    return label;
  }
  function fold(name) {
    if (!ui.collapsed.delete(name)) {
      ui.collapsed.add(name);
    }
    relayout();
    [.../** @type {NodeListOf<HTMLButtonElement>} */
    document.querySelectorAll(".group")].find((button) => button.textContent.startsWith(GROUP_NAMES[name]))?.focus();
  }
  function relayout() {
    stackLanes();
    buildGutter();
    schedule();
  }

  // bridge/ginkgopytest/timeline/page/cursor.js
  var cursor = byId("cursor", HTMLButtonElement);
  function focusBar(bar, { pinned = false } = {}) {
    if (!bar) {
      return;
    }
    ui.focus = bar;
    showBar(bar);
    cursor.setAttribute("aria-label", spoken(bar));
    placeCursor();
    cursor.focus({ preventScroll: true });
    announce(spoken(bar));
    if (pinned) {
      pin(bar);
    }
  }
  function showBar(bar) {
    if (laneOf(bar).folded) {
      ui.collapsed.delete(laneOf(bar).group);
      relayout();
    }
    reveal(bar);
    const { y, height } = boxOf(bar);
    const room = scroller.clientHeight - height - ROW;
    scroller.scrollTop = Math.min(Math.max(scroller.scrollTop, y - room), Math.max(0, y - ROW));
    schedule();
  }
  function placeCursor() {
    const box = ui.focus ? boxOf(ui.focus) : { x: 0, y: scroller.scrollTop, width: view.width, height: ROW };
    const left = Math.min(Math.max(box.x, 0), view.width - 1);
    const right = Math.min(Math.max(box.x + box.width, left + 3), view.width);
    cursor.style.left = `${left}px`;
    cursor.style.top = `${box.y - scroller.scrollTop}px`;
    cursor.style.width = `${right - left}px`;
    cursor.style.height = `${box.height}px`;
  }
  function firstFocus() {
    return bars[doc.failures[0] ?? 0] ?? null;
  }
  function laneBars(lane) {
    return lane.rowBars.flat().filter((bar) => matching[bar.id]).sort((a, b) => a.start - b.start || a.id - b.id);
  }
  function stepInLane(from, step2) {
    const row = laneBars(laneOf(from));
    const at = row.indexOf(from);
    const next = at < 0 ? row.find((bar) => bar.start >= from.start) : row[at + step2];
    focusBar(next);
  }
  function endOfLane(from, last) {
    focusBar(laneBars(laneOf(from)).at(last ? -1 : 0));
  }
  function stepLane(from, step2) {
    const start = from.start;
    const away = (bar) => Math.max(bar.start - start, start - bar.end, 0);
    for (let at = from.lane + step2; at >= 0 && at < lanes.length; at += step2) {
      const found = laneBars(lanes[at]);
      if (found.length > 0) {
        focusBar(found.reduce((best, bar) => away(bar) < away(best) ? bar : best));
        return;
      }
    }
  }
  function stepFailure(step2) {
    const ids = doc.failures;
    if (ids.length === 0) {
      announce("Nothing failed.");
      return;
    }
    const at = ids.indexOf((ui.pinned ?? ui.focus)?.id ?? -1);
    const next = at < 0 ? step2 > 0 ? 0 : ids.length - 1 : (at + step2 + ids.length) % ids.length;
    focusBar(bars[ids[next]], { pinned: true });
  }

  // bridge/ginkgopytest/timeline/page/theme.js
  var THEME_KEY = "ginkgopytest-timeline-theme";
  var systemDark = matchMedia("(prefers-color-scheme: dark)");
  var palette = {};
  function storedTheme() {
    try {
      return localStorage.getItem(THEME_KEY);
    } catch {
      return null;
    }
  }
  function storeTheme(name) {
    try {
      localStorage.setItem(THEME_KEY, name);
    } catch {
    }
  }
  function applyTheme(name) {
    document.documentElement.dataset.theme = name;
    byId("theme", HTMLElement).setAttribute("aria-pressed", String(name === "dark"));
    const style = getComputedStyle(document.documentElement);
    palette = new Proxy(
      /** @type {Record<string, string>} */
      {},
      {
        get(known, key) {
          known[key] ??= style.getPropertyValue(`--${key}`).trim();
          return known[key];
        }
      }
    );
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
  var hatches = /* @__PURE__ */ new Map();
  function hatch(context, colour) {
    if (!hatches.has(colour)) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = 8;
      const pen = penOf(tile);
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
      hatches.set(colour, context.createPattern(tile, "repeat") ?? colour);
    }
    return hatches.get(colour) ?? colour;
  }

  // bridge/ginkgopytest/timeline/page/details.js
  var details = byId("details", HTMLElement);
  function showDetails(bar) {
    if (!bar) {
      details.replaceChildren(
        element("p", {
          className: "empty",
          textContent: "Choose a bar or an entry of the list to see its traceback and output here."
        })
      );
      return;
    }
    const close = element("button", {
      type: "button",
      className: "close",
      textContent: "\xD7",
      title: "Close (Esc)"
    });
    close.setAttribute("aria-label", "Close the details");
    close.addEventListener("click", unpin);
    details.replaceChildren(
      close,
      element("h2", { textContent: bar.name }),
      facts(bar),
      ...links(bar),
      ...reports(bar),
      ...phaseTable(bar),
      ...subtests(bar),
      ...outputs(bar)
    );
    details.scrollTop = 0;
  }
  function unpin() {
    pin(null);
  }
  function facts(bar) {
    const outcome = element("dd", {}, swatch(bar), ` ${outcomeWords(bar)}`);
    const pairs = [
      ["outcome", outcome],
      ["took", formatSeconds(bar.end - bar.start)],
      ["at", `${bar.start.toFixed(3)} s to ${bar.end.toFixed(3)} s`],
      [GROUP_NAMES[laneOf(bar).group], laneOf(bar).name]
    ];
    if (bar.place) {
      pairs.push(["where", bar.place]);
    }
    return element(
      "dl",
      { className: "pairs" },
      ...pairs.map(
        ([name, value]) => element(
          "div",
          {},
          element("dt", { textContent: name }),
          value instanceof Node ? value : element("dd", { textContent: value })
        )
      )
    );
  }
  function swatch(bar) {
    const mark = element("span", { className: "swatch" });
    mark.style.display = "inline-block";
    mark.style.backgroundColor = `var(--${colourName(bar)})`;
    return mark;
  }
  function links(bar) {
    const others = bar.nodeid ? bars.filter((other) => other.nodeid === bar.nodeid && other !== bar) : [];
    if (others.length === 0) {
      return [];
    }
    return [
      element(
        "div",
        { className: "links" },
        ...others.map((other) => {
          const kind = isTest(other) ? other.attempts ? `attempt ${other.attempt}` : "Python test" : "Ginkgo spec";
          const link = element("button", {
            type: "button",
            textContent: `${kind}, ${laneOf(other).name}`
          });
          link.addEventListener("click", () => focusBar(other, { pinned: true }));
          return link;
        })
      )
    ];
  }
  function reports(bar) {
    return (bar.reports ?? []).flatMap(([title, text]) => [
      element("h3", { textContent: title }),
      block(text, isFailed(bar) || bar.outcome === "rerun" ? "report" : "")
    ]);
  }
  function block(text, className) {
    const made = element("pre", { className, textContent: withoutColours(text), tabIndex: 0 });
    return made;
  }
  function phaseTable(bar) {
    if (!bar.phases) {
      return [];
    }
    const rows = bar.phases.map(
      (phase) => element(
        "tr",
        {},
        element("th", { scope: "row", textContent: phase.when }),
        element("td", { textContent: phase.outcome }),
        element("td", { className: "number", textContent: formatSeconds(phase.end - phase.start) }),
        element("td", { className: "number", textContent: `at ${phase.start.toFixed(3)} s` })
      )
    );
    return [
      element("h3", { textContent: "phases" }),
      element("table", { className: "phases" }, element("tbody", {}, ...rows))
    ];
  }
  function subtests(bar) {
    if (!bar.subtests) {
      return [];
    }
    const rows = bar.subtests.map(
      (subtest) => element(
        "tr",
        {},
        element("th", { scope: "row", textContent: subtest.description }),
        element("td", { textContent: subtest.outcome })
      )
    );
    return [
      element("h3", { textContent: "subtests" }),
      element("table", { className: "phases parts" }, element("tbody", {}, ...rows))
    ];
  }
  function outputs(bar) {
    return (bar.output ?? []).map(
      ([title, text]) => element(
        "details",
        { open: true },
        element("summary", { textContent: title }),
        block(text, "output")
      )
    );
  }

  // bridge/ginkgopytest/timeline/page/draw.js
  var canvas = byId("bars", HTMLCanvasElement);
  var axis = byId("axis", HTMLCanvasElement);
  var DIM = 0.12;
  var TINT = { setup: 0.5, teardown: 0.3 };
  var BETWEEN = 0.2;
  var STRIPE = 3;
  var LABEL_WIDTH = 6.3;
  function fit(surface, width, height) {
    const ratio = devicePixelRatio;
    if (surface.width !== Math.round(width * ratio) || surface.height !== Math.round(height * ratio)) {
      surface.width = Math.round(width * ratio);
      surface.height = Math.round(height * ratio);
      surface.style.width = `${width}px`;
      surface.style.height = `${height}px`;
    }
    const pen = penOf(surface);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.globalAlpha = 1;
    return pen;
  }
  function drawBars() {
    const height = Math.min(scroller.clientHeight, layout.height);
    const pen = fit(canvas, view.width, height);
    const top = scroller.scrollTop;
    pen.fillStyle = palette.surface;
    pen.fillRect(0, 0, view.width, height);
    pen.translate(0, -top);
    drawGround(pen, top, height);
    const inView = lanes.filter(
      (lane) => lane.top + lane.rows * ROW > top && lane.top < top + height
    );
    const rows = inView.flatMap((lane) => lane.rowBars);
    for (const row of rows) {
      drawRow(pen, row, (bar) => !isFailed(bar) || matching[bar.id] === 0);
    }
    for (const row of rows) {
      drawRow(pen, row.failed, (bar) => matching[bar.id] === 1);
    }
    drawOutlines(pen);
  }
  function drawGround(pen, top, height) {
    for (const group of layout.groups) {
      pen.fillStyle = palette.band;
      pen.fillRect(0, group.top, view.width, HEADING);
    }
    pen.fillStyle = palette.grid;
    for (const time of ticks().times) {
      pen.fillRect(snap(xOf(time)), top, 1, height);
    }
    for (const lane of lanes) {
      if (lane.up !== void 0 && !lane.folded) {
        const left = xOf(lane.up);
        pen.fillStyle = palette.band;
        pen.fillRect(
          left,
          lane.top + INSET,
          xOf(lane.down ?? TOTAL) - left,
          lane.rows * ROW - 2 * INSET
        );
      }
    }
    drawFirstTest(pen);
  }
  function drawFirstTest(pen) {
    if (doc.first_test !== null) {
      pen.strokeStyle = palette.accent;
      pen.setLineDash([3, 3]);
      pen.beginPath();
      pen.moveTo(snap(xOf(doc.first_test)) + 0.5, 0);
      pen.lineTo(snap(xOf(doc.first_test)) + 0.5, layout.height);
      pen.stroke();
      pen.setLineDash([]);
    }
  }
  function drawRow(pen, row, chosen) {
    let i = firstEndingAfter(row, view.start);
    while (i < row.length && row[i].start < view.end) {
      const bar = row[i];
      i += 1;
      if (!chosen(bar)) {
        continue;
      }
      drawBar(pen, bar);
      const column = snap(xOf(bar.start)) + 1;
      if (!filtering() && xOf(bar.end) < column) {
        i = Math.max(i, firstEndingAfter(row, timeOf(column)));
      }
    }
  }
  function drawBar(pen, bar) {
    const box = boxOf(bar);
    const colour = palette[colourName(bar)];
    const strength = matching[bar.id] ? 1 : DIM;
    const gap = box.width > 4 ? 1 : 0;
    pen.globalAlpha = strength;
    if (!bar.phases || box.width < 4) {
      pen.fillStyle = bar.outcome === "unfinished" ? hatch(pen, colour) : colour;
      pen.fillRect(box.x, box.y, box.width - gap, box.height);
    } else {
      pen.globalAlpha = strength * BETWEEN;
      pen.fillStyle = colour;
      pen.fillRect(box.x, box.y, box.width - gap, box.height);
      drawPhases(pen, bar, box, strength, gap);
      if (isFailed(bar)) {
        pen.globalAlpha = strength;
        pen.fillStyle = colour;
        pen.fillRect(box.x, box.y + box.height - STRIPE, box.width - gap, STRIPE);
      }
    }
    pen.globalAlpha = 1;
    if (critical.has(bar.id)) {
      pen.fillStyle = palette.accent;
      pen.fillRect(box.x, box.y + box.height, box.width, 2);
    }
    if (matching[bar.id] && !laneOf(bar).folded) {
      drawLabel(pen, bar, box);
    }
  }
  function drawPhases(pen, bar, box, strength, gap) {
    for (const phase of bar.phases ?? []) {
      const { left, right } = phaseSpan(phase, box, gap);
      const colour = palette[outcomeColour(phase.outcome)];
      pen.fillStyle = phase.outcome === "unfinished" ? hatch(pen, colour) : colour;
      pen.globalAlpha = strength * (isFailed(phase) ? 1 : TINT[phase.when] ?? 1);
      pen.fillRect(left, box.y, right - left, box.height);
    }
  }
  function phaseSpan(phase, box, gap) {
    const failed = isFailed(phase);
    const edge = box.x + box.width - (failed ? 0 : gap);
    const left = Math.min(snap(xOf(phase.start)), edge - (failed ? 2 : 0));
    return { left, right: Math.min(Math.max(snap(xOf(phase.end)), left + (failed ? 2 : 1)), edge) };
  }
  function labelSpan(bar) {
    const strong = bar.phases ? bar.phases.find((phase) => !(phase.when in TINT)) : bar;
    if (!strong || bar.phases && strong.outcome === "unfinished") {
      return { left: 0, room: 0 };
    }
    const left = Math.max(0, xOf(strong.start));
    const right = Math.min(view.width, xOf(strong.end));
    return { left: left + 4, room: right - left - 8 };
  }
  function drawLabel(pen, bar, box) {
    const { left, room } = labelSpan(bar);
    const letters = Math.floor(room / LABEL_WIDTH);
    if (letters < 4) {
      return;
    }
    const name = shortName(bar);
    pen.font = `11px ${palette.mono}`;
    pen.textBaseline = "middle";
    pen.fillStyle = palette["on-bar"];
    const fits = name.length * LABEL_WIDTH <= room + 2;
    pen.fillText(
      fits ? name : `${name.slice(0, letters - 1)}\u2026`,
      left,
      box.y + box.height / 2 + 0.5
    );
  }
  function drawOutlines(pen) {
    for (const { bar, width } of [
      { bar: ui.hover, width: 1 },
      { bar: ui.pinned, width: 2 }
    ]) {
      if (bar) {
        const box = boxOf(bar);
        pen.strokeStyle = palette.text;
        pen.lineWidth = width;
        pen.strokeRect(box.x - width / 2, box.y - width / 2, box.width + width, box.height + width);
      }
    }
    pen.lineWidth = 1;
  }
  function drawAxis() {
    const pen = fit(axis, view.width, 20);
    pen.clearRect(0, 0, view.width, 20);
    pen.font = "11px system-ui, sans-serif";
    pen.textBaseline = "middle";
    const { step: step2, times } = ticks();
    for (const time of times) {
      const x = snap(xOf(time));
      pen.fillStyle = palette.line;
      pen.fillRect(x, 0, 1, 20);
      pen.fillStyle = palette.muted;
      pen.fillText(formatTick(time, step2), x + 4, 11);
    }
  }

  // bridge/ginkgopytest/timeline/page/filter.js
  var search = byId("search", HTMLInputElement);
  function buildOutcomes() {
    const holder = byId("outcomes", HTMLElement);
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
        outcome
      );
      button.dataset.outcome = outcome;
      button.setAttribute("aria-pressed", "true");
      button.addEventListener("click", () => toggleOutcome(button, outcome));
      holder.append(button);
    }
  }
  function toggleOutcome(button, outcome) {
    if (!ui.hidden.delete(outcome)) {
      ui.hidden.add(outcome);
    }
    button.setAttribute("aria-pressed", String(!ui.hidden.has(outcome)));
    applyFilter();
  }
  function showMatches() {
    const number = matchedBars().length;
    const text = filtering() ? `${number} of ${bars.length}` : "";
    byId("matches", HTMLElement).textContent = text;
  }
  search.addEventListener("input", () => {
    ui.text = search.value;
    applyFilter();
  });

  // bridge/ginkgopytest/timeline/page/describe.js
  var tip = byId("tip", HTMLElement);
  function showTip(bar, x, y) {
    if (!bar) {
      hideTip();
      return;
    }
    tip.replaceChildren(
      element("b", { textContent: shortName(bar) }),
      element("p", {
        textContent: `${outcomeWords(bar)} \xB7 ${formatSeconds(bar.end - bar.start)} \xB7 at ${formatSeconds(bar.start)} \xB7 ${laneOf(bar).name}`
      }),
      ...tipPhases(bar),
      ...bar.message && isFailed(bar) ? [element("p", { className: "first-line", textContent: bar.message })] : []
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
    const parts = bar.phases.map(
      (phase) => `${phase.when} ${formatSeconds(phase.end - phase.start)}`
    );
    return [element("p", { textContent: parts.join(" \xB7 ") })];
  }
  function hideTip() {
    tip.hidden = true;
  }

  // bridge/ginkgopytest/timeline/page/overview.js
  var overview = byId("overview", HTMLCanvasElement);
  var STRIP = 34;
  var profile = null;
  function loads(chosen, width) {
    const load = new Float64Array(width);
    for (const bar of bars.filter(chosen)) {
      const left = bar.start / TOTAL * width;
      const right = bar.end / TOTAL * width;
      for (let x = Math.floor(left); x < Math.min(right, width); x++) {
        load[x] += Math.min(right, x + 1) - Math.max(left, x);
      }
    }
    return load;
  }
  function measureProfile(width) {
    const steps = (bar) => ["infrastructure", "seed", "suite"].includes(laneOf(bar).group);
    return {
      width,
      tests: loads(isTest, width),
      steps: loads(steps, width),
      failures: bars.filter(isFailed)
    };
  }
  function drawOverview() {
    const width = Math.max(1, Math.floor(view.width));
    if (profile?.width !== width) {
      profile = measureProfile(width);
    }
    const pen = fit(overview, view.width, STRIP);
    pen.clearRect(0, 0, view.width, STRIP);
    drawLoad(pen, profile.steps, palette.infrastructure);
    drawLoad(pen, profile.tests, palette.passed);
    pen.fillStyle = palette.failed;
    for (const bar of profile.failures) {
      pen.fillRect(snap(bar.start / TOTAL * view.width), 0, 2, 6);
    }
    drawBrush(pen);
  }
  function drawLoad(pen, load, colour) {
    const most = load.reduce((high, value) => Math.max(high, value), 1);
    pen.fillStyle = colour;
    pen.globalAlpha = 0.55;
    for (let x = 0; x < load.length; x++) {
      const height = load[x] / most * (STRIP - 9);
      pen.fillRect(x, STRIP - height, 1, height);
    }
    pen.globalAlpha = 1;
  }
  function drawBrush(pen) {
    if (view.end - view.start >= TOTAL) {
      return;
    }
    const left = view.start / TOTAL * view.width;
    const right = Math.max(view.end / TOTAL * view.width, left + 2);
    pen.fillStyle = palette.page;
    pen.globalAlpha = 0.5;
    pen.fillRect(0, 0, left, STRIP);
    pen.fillRect(right, 0, view.width - right, STRIP);
    pen.globalAlpha = 1;
    pen.strokeStyle = palette.accent;
    pen.strokeRect(left + 0.5, 0.5, right - left - 1, STRIP - 1);
  }

  // bridge/ginkgopytest/timeline/page/pointer.js
  var selection = byId("selection", HTMLElement);
  var DRAG_FROM = 4;
  var drag = null;
  function pointOf(event) {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top + scroller.scrollTop };
  }
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        pan(sideways / 800);
      } else {
        zoom(Math.exp(Math.max(-200, Math.min(200, event.deltaY)) * 2e-3), timeOf(pointOf(event).x));
      }
    },
    { passive: false }
  );
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button === 0) {
      canvas.setPointerCapture(event.pointerId);
      drag = { from: pointOf(event).x, to: pointOf(event).x };
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    const { x, y } = pointOf(event);
    if (drag) {
      drag.to = Math.max(0, Math.min(view.width, x));
      showSelection(drag);
      return;
    }
    const bar = barAt(x, y);
    hover(bar);
    canvas.style.cursor = bar ? "pointer" : "";
    showTip(bar, event.clientX, event.clientY);
  });
  canvas.addEventListener("pointerup", (event) => {
    const { x, y } = pointOf(event);
    const dragged = drag && Math.abs(drag.to - drag.from) >= DRAG_FROM ? drag : null;
    const clicked = drag && !dragged;
    endDrag();
    if (dragged) {
      show(timeOf(Math.min(dragged.from, dragged.to)), timeOf(Math.max(dragged.from, dragged.to)));
    } else if (clicked) {
      clickBar(barAt(x, y));
    }
  });
  canvas.addEventListener("pointerleave", () => {
    hover(null);
    hideTip();
  });
  canvas.addEventListener("pointercancel", endDrag);
  canvas.addEventListener("dblclick", (event) => {
    const { x, y } = pointOf(event);
    if (!barAt(x, y)) {
      showAll();
    }
  });
  function clickBar(bar) {
    if (bar) {
      focusBar(bar, { pinned: true });
    }
  }
  function showSelection({ from, to }) {
    selection.hidden = Math.abs(to - from) < DRAG_FROM;
    selection.style.left = `${Math.min(from, to)}px`;
    selection.style.width = `${Math.abs(to - from)}px`;
    selection.style.height = canvas.style.height;
    hideTip();
  }
  function endDrag() {
    drag = null;
    selection.hidden = true;
  }
  function moveView(event) {
    if (event.buttons & 1) {
      const box = overview.getBoundingClientRect();
      const middle = (event.clientX - box.left) / box.width * TOTAL;
      const half = (view.end - view.start) / 2;
      show(middle - half, middle + half);
    }
  }
  overview.addEventListener("pointerdown", (event) => {
    overview.setPointerCapture(event.pointerId);
    moveView(event);
  });
  overview.addEventListener("pointermove", moveView);
  overview.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      zoom(Math.exp(event.deltaY * 2e-3));
    },
    { passive: false }
  );

  // bridge/ginkgopytest/timeline/page/keyboard.js
  var help = byId("help", HTMLDialogElement);
  var WALK = {
    ArrowLeft: (bar) => stepInLane(bar, -1),
    ArrowRight: (bar) => stepInLane(bar, 1),
    ArrowUp: (bar) => stepLane(bar, -1),
    ArrowDown: (bar) => stepLane(bar, 1),
    Home: (bar) => endOfLane(bar, false),
    End: (bar) => endOfLane(bar, true)
  };
  var ANYWHERE = {
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
    "?": () => help.showModal()
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
      takeBack();
      return;
    }
    if (event.target === search) {
      return;
    }
    const action = shifted(event) ?? walking(event) ?? ANYWHERE[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });
  function zoomToChosen() {
    const bar = document.activeElement === cursor ? ui.focus : ui.pinned;
    if (bar) {
      zoomTo(bar);
    }
  }
  function walking(event) {
    const bar = event.target === cursor ? ui.focus : null;
    const walk = WALK[event.key];
    return bar && walk ? () => walk(bar) : void 0;
  }
  function shifted(event) {
    const share = { ArrowLeft: -0.25, ArrowRight: 0.25 }[event.key];
    return event.shiftKey && share ? () => pan(share) : void 0;
  }
  function takeBack() {
    hideTip();
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

  // bridge/ginkgopytest/timeline/page/list.js
  var ITEM = 26;
  var OVERSCAN = 8;
  var listBox = byId("list", HTMLElement);
  var list = {
    items: [],
    active: 0,
    holder: element("ul", { className: "items" }),
    made: /* @__PURE__ */ new Map()
  };
  function setItems(items, nothing) {
    list.items = items;
    list.active = Math.max(
      0,
      items.findIndex((item) => item.bar !== void 0)
    );
    list.made.clear();
    list.holder.replaceChildren();
    list.holder.style.height = `${items.length * ITEM}px`;
    listBox.replaceChildren(
      items.length > 0 ? list.holder : element("p", { className: "empty", textContent: nothing })
    );
    listBox.scrollTop = 0;
    renderItems();
  }
  function renderItems() {
    const first = Math.max(0, Math.floor(listBox.scrollTop / ITEM) - OVERSCAN);
    const last = Math.min(
      list.items.length,
      Math.ceil((listBox.scrollTop + listBox.clientHeight) / ITEM) + OVERSCAN
    );
    const keep = (index) => index >= first && index < last || index === list.active;
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
  function makeItem(index) {
    if (list.made.has(index)) {
      return;
    }
    const item = list.items[index];
    const made = element(
      "li",
      {},
      item.bar === void 0 ? gapEntry(item) : barEntry(item.bar, index)
    );
    made.setAttribute("aria-setsize", String(list.items.length));
    made.setAttribute("aria-posinset", String(index + 1));
    made.style.top = `${index * ITEM}px`;
    list.made.set(index, made);
    const after = [...list.holder.children].find((other) => Number(other.ariaPosInSet) > index + 1);
    list.holder.insertBefore(made, after ?? null);
  }
  function gapEntry(item) {
    return element(
      "div",
      { className: "gap" },
      element("span", { className: "swatch" }),
      element("span", { className: "name", textContent: item.text }),
      element("span", { className: "time", textContent: formatSeconds(item.seconds ?? 0) })
    );
  }
  function barEntry(bar, index) {
    const entry2 = element(
      "button",
      { type: "button", title: bar.name, tabIndex: index === list.active ? 0 : -1 },
      swatch(bar),
      element("span", { className: "name", textContent: shortName(bar) }),
      element("span", { className: "unseen", textContent: outcomeWords(bar) }),
      element("span", { className: "gist", textContent: isFailed(bar) ? bar.message ?? "" : "" }),
      element("span", {
        className: "lane-name",
        textContent: laneOf(bar).name === bar.name ? "" : laneOf(bar).name
      }),
      element("span", { className: "time", textContent: formatSeconds(bar.end - bar.start) })
    );
    entry2.setAttribute("aria-current", String(ui.pinned === bar));
    entry2.addEventListener("click", () => {
      activate(index);
      showBar(bar);
      pin(bar);
    });
    return entry2;
  }
  function activate(index) {
    const button = (at) => list.made.get(at)?.querySelector("button");
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
  function walkList(step2) {
    let index = list.active + step2;
    while (list.items[index] && list.items[index].bar === void 0) {
      index += Math.sign(step2);
    }
    if (!list.items[index]) {
      return;
    }
    const top = index * ITEM;
    listBox.scrollTop = Math.min(Math.max(listBox.scrollTop, top + ITEM - listBox.clientHeight), top);
    renderItems();
    activate(index);
  }
  function markCurrent() {
    for (const [index, made] of list.made) {
      made.querySelector("button")?.setAttribute("aria-current", String(list.items[index].bar === ui.pinned));
    }
  }
  listBox.addEventListener("scroll", renderItems);
  listBox.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(listBox.clientHeight / ITEM) - 1);
    const steps = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: Math.min(page, list.items.length - 1 - list.active),
      PageUp: -Math.min(page, list.active),
      Home: -list.active,
      End: list.items.length - 1 - list.active
    };
    if (event.key in steps && !event.shiftKey) {
      event.preventDefault();
      event.stopPropagation();
      if (steps[event.key] !== 0) {
        walkList(steps[event.key]);
      }
    }
  });

  // bridge/ginkgopytest/timeline/page/panel.js
  var TABS = [
    {
      id: "failures",
      title: () => `Failures ${doc.failures.length}`,
      nothing: "Nothing failed.",
      items: () => doc.failures.map(entry).filter(matches)
    },
    {
      id: "slowest",
      title: () => "Slowest",
      nothing: "No test matches.",
      items: () => doc.slowest.map(entry).filter(matches)
    },
    {
      id: "first-test",
      title: () => `First test${doc.first_test === null ? "" : ` ${formatSeconds(doc.first_test)}`}`,
      nothing: "No test started.",
      items: () => doc.critical.map(step)
    },
    {
      id: "all",
      title: () => `All ${bars.length.toLocaleString("en")}`,
      nothing: "No bar matches the filter.",
      items: () => matchedBars().map((bar) => ({ bar }))
    }
  ];
  function entry(id) {
    return { bar: bars[id] };
  }
  function matches(item) {
    return item.bar !== void 0 && matching[item.bar.id] === 1;
  }
  function step(part, index) {
    if (part.bar !== null) {
      return { bar: bars[part.bar] };
    }
    const text = index === doc.critical.length - 1 ? "until the first test" : "gap";
    return { text, seconds: part.end - part.start };
  }
  function buildTabs() {
    const tabs = byId("tabs", HTMLElement);
    for (const tab of TABS) {
      const button = element("button", {
        type: "button",
        id: `tab-${tab.id}`,
        textContent: tab.title()
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
  function chooseTab(id) {
    ui.tab = id;
    for (const tab of TABS) {
      const button = byId(`tab-${tab.id}`, HTMLElement);
      button.setAttribute("aria-selected", String(tab.id === id));
      button.tabIndex = tab.id === id ? 0 : -1;
    }
    listBox.setAttribute("aria-labelledby", `tab-${id}`);
    fillList();
  }
  function fillList() {
    const tab = TABS.find((candidate) => candidate.id === ui.tab) ?? TABS[0];
    const items = tab.items();
    setItems(items, filtering() ? "Nothing here matches the filter." : tab.nothing);
  }

  // bridge/ginkgopytest/timeline/page/splitter.js
  var splitter = byId("splitter", HTMLElement);
  var timelineBox = byId("timeline", HTMLElement);
  var SMALLEST = 120;
  var STEP = 40;
  function divide(height) {
    const room = byId("main", HTMLElement).clientHeight;
    const chosen = Math.round(Math.max(SMALLEST, Math.min(height, room - SMALLEST)));
    timelineBox.style.flex = `0 0 ${chosen}px`;
    splitter.setAttribute("aria-valuenow", String(Math.round(100 * chosen / room)));
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
    const step2 = { ArrowUp: -STEP, ArrowDown: STEP }[event.key];
    if (step2) {
      event.preventDefault();
      event.stopPropagation();
      divide(timelineBox.offsetHeight + step2);
    }
  });

  // bridge/ginkgopytest/timeline/page/main.js
  function paint() {
    view.width = Math.max(1, scroller.clientWidth - byId("gutter", HTMLElement).offsetWidth);
    drawBars();
    drawAxis();
    drawOverview();
    placeCursor();
    performance.mark("timeline-painted");
  }
  function showHeader() {
    const chip = byId("outcome", HTMLElement);
    chip.textContent = doc.outcome;
    chip.style.setProperty(
      "--chip",
      `var(--${OUTCOMES.includes(doc.outcome) ? doc.outcome : "failed"})`
    );
    const tests = Object.values(doc.counts).reduce((sum, number) => sum + number, 0);
    const workers = lanes.filter((lane) => lane.busy !== void 0).length;
    const facts2 = [
      plural(tests, "test"),
      plural(workers, "worker"),
      formatSeconds(doc.seconds),
      doc.run_id,
      new Date(doc.started * 1e3).toLocaleString(),
      doc.pytest && `pytest ${doc.pytest}`,
      doc.python && `Python ${doc.python}`
    ];
    byId("facts", HTMLElement).textContent = facts2.filter(Boolean).join(" \xB7 ");
    const notes = byId("notes", HTMLElement);
    notes.replaceChildren(...doc.notes.map((note) => element("li", { textContent: note })));
    notes.hidden = doc.notes.length === 0;
  }
  function connectButtons() {
    const click = (id, action) => byId(id, HTMLElement).addEventListener("click", action);
    click("zoom-in", () => zoom(0.6));
    click("zoom-out", () => zoom(1 / 0.6));
    click("zoom-reset", showAll);
    click("zoom-tests", showTests);
    click("theme", toggleTheme);
    click("help-open", () => help.showModal());
  }
  function exposed(bar) {
    const { x, y, width, height } = boxOf(bar);
    const { id, name, outcome, start, end, nodeid } = bar;
    return {
      id,
      name,
      nodeid,
      outcome,
      start,
      end,
      lane: laneOf(bar).name,
      group: laneOf(bar).group,
      x,
      y,
      width,
      height,
      colour: colourName(bar),
      matches: matching[id] === 1
    };
  }
  window.timeline = Object.freeze({
    bars: () => bars.map(exposed),
    lanes: () => lanes.map(({ name, group, rows, busy, top }) => ({ name, group, rows, busy, top })),
    view: () => ({ ...view, scroll: scroller.scrollTop, painted: painted() }),
    focused: () => ui.focus?.id ?? null,
    pinned: () => ui.pinned?.id ?? null,
    critical: () => structuredClone(doc.critical)
  });
  on("paint", paint);
  on("pin", () => {
    showDetails(ui.pinned);
    nameInAddress(ui.pinned);
    markCurrent();
  });
  on("filter", () => {
    showMatches();
    fillList();
  });
  startTheme();
  showHeader();
  foldToFit();
  buildGutter();
  buildOutcomes();
  buildTabs();
  connectButtons();
  chooseTab(doc.failures.length > 0 ? "failures" : "slowest");
  ui.pinned = barOfAddress() ?? bars[doc.failures[0]] ?? null;
  showDetails(ui.pinned);
  scroller.addEventListener("scroll", schedule);
  new ResizeObserver(() => {
    schedule();
    renderItems();
  }).observe(byId("main", HTMLElement));
})();
