// The address names the pinned test, so that a link or a reload leads to it again.
import { bars, isTest } from "./data.js";

export function barOfAddress() {
  let wanted;
  try {
    wanted = decodeURIComponent(location.hash.slice(1));
  } catch {
    return null; // not one of ours
  }
  return wanted ? (bars.findLast((bar) => isTest(bar) && bar.nodeid === wanted) ?? null) : null;
}

/**
 * @param {Bar | null} bar
 */
export function nameInAddress(bar) {
  const hash = bar?.nodeid ? `#${encodeURIComponent(bar.nodeid)}` : location.pathname;
  try {
    history.replaceState(null, "", hash);
  } catch {
    // a sandboxed frame: the page works without an address of its own
  }
}
