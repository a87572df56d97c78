// The document that document.go describes, and what the page adds to it.

interface Phase {
  when: string;
  outcome: string;
  start: number;
  end: number;
}

interface Bar {
  id: number;
  lane: number;
  row: number;
  name: string;
  start: number;
  end: number;
  outcome: string;
  state?: string;
  nodeid?: string;
  attempt?: number;
  attempts?: number;
  place?: string;
  message?: string;
  phases?: Phase[];
  reports?: [string, string][];
  output?: [string, string][];
  subtests?: { description: string; outcome: string }[];
  /** What the filter looks at; data.js adds it. */
  words: string;
}

/** The bars of one row of a lane, which do not overlap. */
interface Row extends Array<Bar> {
  failed: Bar[];
}

interface Lane {
  group: string;
  name: string;
  rows: number;
  busy?: number;
  up?: number;
  down?: number;
  error?: string;
  /** data.js adds them. */
  rowBars: Row[];
  /** layout.js places the lane. */
  folded: boolean;
  top: number;
}

interface Step {
  bar: number | null;
  start: number;
  end: number;
}

interface Run {
  suite: string;
  run_id: string;
  outcome: string;
  started: number;
  seconds: number;
  pytest: string;
  python: string;
  notes: string[];
  counts: Record<string, number>;
  lanes: Lane[];
  bars: Bar[];
  first_test: number | null;
  critical: Step[];
  slowest: number[];
  failures: number[];
}

interface Group {
  name: string;
  lanes: Lane[];
  top: number;
  folded: boolean;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** An entry of a list: a bar, or a gap between two. */
interface Item {
  bar?: Bar;
  text?: string;
  seconds?: number;
}

interface Window {
  /** A copy of what is drawn, for tests. */
  timeline: object;
}
