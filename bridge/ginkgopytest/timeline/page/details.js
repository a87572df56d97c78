// Everything that the log knows of one bar.
import { focusBar } from "./cursor.js";
import { bars, GROUP_NAMES, isFailed, isTest, laneOf } from "./data.js";
import { byId, element } from "./dom.js";
import { formatSeconds, outcomeWords, withoutColours } from "./format.js";
import { pin } from "./state.js";
import { colourName } from "./theme.js";

const details = byId("details", HTMLElement);

/**
 * @param {Bar | null} bar
 */
export function showDetails(bar) {
  if (!bar) {
    details.replaceChildren(
      element("p", {
        className: "empty",
        textContent: "Choose a bar or an entry of the list to see its traceback and output here.",
      }),
    );
    return;
  }
  const close = element("button", {
    type: "button",
    className: "close",
    textContent: "\u00d7",
    title: "Close (Esc)",
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
    ...outputs(bar),
  );
  details.scrollTop = 0;
}

export function unpin() {
  pin(null);
}

/**
 * @param {Bar} bar
 */
function facts(bar) {
  const outcome = element("dd", {}, swatch(bar), ` ${outcomeWords(bar)}`);
  /** @type {[string, string | Node][]} */
  const pairs = [
    ["outcome", outcome],
    ["took", formatSeconds(bar.end - bar.start)],
    ["at", `${bar.start.toFixed(3)} s to ${bar.end.toFixed(3)} s`],
    [GROUP_NAMES[laneOf(bar).group], laneOf(bar).name],
  ];
  if (bar.place) {
    pairs.push(["where", bar.place]);
  }
  return element(
    "dl",
    { className: "pairs" },
    ...pairs.map(([name, value]) =>
      element(
        "div",
        {},
        element("dt", { textContent: name }),
        value instanceof Node ? value : element("dd", { textContent: value }),
      ),
    ),
  );
}

/**
 * @param {Bar} bar
 */
export function swatch(bar) {
  const mark = element("span", { className: "swatch" });
  mark.style.display = "inline-block";
  mark.style.backgroundColor = `var(--${colourName(bar)})`;
  return mark;
}

/**
 * links lead to the spec of a test, the test of a spec, and the other attempts.
 * @param {Bar} bar
 */
function links(bar) {
  const others = bar.nodeid
    ? bars.filter((other) => other.nodeid === bar.nodeid && other !== bar)
    : [];
  if (others.length === 0) {
    return [];
  }
  return [
    element(
      "div",
      { className: "links" },
      ...others.map((other) => {
        const kind = isTest(other)
          ? other.attempts
            ? `attempt ${other.attempt}`
            : "Python test"
          : "Ginkgo spec";
        const link = element("button", {
          type: "button",
          textContent: `${kind}, ${laneOf(other).name}`,
        });
        link.addEventListener("click", () => focusBar(other, { pinned: true }));
        return link;
      }),
    ),
  ];
}

/**
 * @param {Bar} bar
 */
function reports(bar) {
  return (bar.reports ?? []).flatMap(([title, text]) => [
    element("h3", { textContent: title }),
    block(text, isFailed(bar) || bar.outcome === "rerun" ? "report" : ""),
  ]);
}

/**
 * @param {string} text
 * @param {string} className
 */
function block(text, className) {
  const made = element("pre", { className, textContent: withoutColours(text), tabIndex: 0 });
  return made;
}

/**
 * @param {Bar} bar
 */
function phaseTable(bar) {
  if (!bar.phases) {
    return [];
  }
  const rows = bar.phases.map((phase) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", textContent: phase.when }),
      element("td", { textContent: phase.outcome }),
      element("td", { className: "number", textContent: formatSeconds(phase.end - phase.start) }),
      element("td", { className: "number", textContent: `at ${phase.start.toFixed(3)} s` }),
    ),
  );
  return [
    element("h3", { textContent: "phases" }),
    element("table", { className: "phases" }, element("tbody", {}, ...rows)),
  ];
}

/**
 * @param {Bar} bar
 */
function subtests(bar) {
  if (!bar.subtests) {
    return [];
  }
  const rows = bar.subtests.map((subtest) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", textContent: subtest.description }),
      element("td", { textContent: subtest.outcome }),
    ),
  );
  return [
    element("h3", { textContent: "subtests" }),
    element("table", { className: "phases parts" }, element("tbody", {}, ...rows)),
  ];
}

/**
 * @param {Bar} bar
 */
function outputs(bar) {
  return (bar.output ?? []).map(([title, text]) =>
    element(
      "details",
      { open: true },
      element("summary", { textContent: title }),
      block(text, "output"),
    ),
  );
}
