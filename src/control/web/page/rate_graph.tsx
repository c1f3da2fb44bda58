import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Format } from "./format.ts";
import { HISTORY_SECONDS, type Rates } from "./rate_history.ts";
import { useTools } from "./tools.ts";
import type { Words } from "./words.ts";

const HEIGHT = 150;
/** Pixels for the words of the rates, and of the times. */
const RATE_AXIS = 76;
const TIME_AXIS = 30;

/** The rates of the last ten minutes; what they are at the pointer, or now, is said below. */
export function RateGraph(
  { rates, now, down, up }: {
    readonly rates: Rates;
    /** The second noted last. */
    readonly now: number;
    readonly down: number;
    readonly up: number;
  },
) {
  const { words, format } = useTools();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const { current } = box;
    if (current === null) return;
    const size = () => ({ width: current.clientWidth, height: HEIGHT });
    const made = new uPlot(
      { ...optionsOf(current, words, format), ...size() },
      [[], [], []],
      current,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize(size()));
    observer.observe(current);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [words, format]);
  useEffect(() => {
    const times = Array.from(
      { length: HISTORY_SECONDS },
      (_, at) => now - HISTORY_SECONDS + 1 + at,
    );
    const { current } = plot;
    current?.setData([times, rates.series(now, "down"), rates.series(now, "up")]);
    // what it says of now is of the data before
    if (current?.cursor.idx === null) current.setLegend({});
  });
  const said = (rate: number) => `${format.size(rate)}/s`;
  return <div ref={box} class="graph" role="img" aria-label={words.graph(said(down), said(up))} />;
}

function optionsOf(
  box: Element,
  words: Words,
  format: Format,
): Omit<uPlot.Options, "width" | "height"> {
  // asked at each drawing, as the reader may turn from light to dark
  const colour = (name: string) => () => getComputedStyle(box).getPropertyValue(name).trim();
  const lines = { stroke: colour("--line"), width: 1 };
  const axis = { stroke: colour("--quiet"), grid: lines, ticks: lines, font: "12px system-ui" };
  /** Of the moment that is pointed at, else of the last one. */
  const rate = ({ data }: uPlot, value: number | null, series: number) =>
    `${format.size(value ?? data[series]?.at(-1) ?? 0)}/s`;
  const time = ({ data }: uPlot, time: number | null) =>
    format.clock((time ?? data[0].at(-1) ?? NaN) * 1_000);
  return {
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      // an empty one has a scale too
      y: { range: (_, _low, high) => [0, Math.max(1_000, high * 1.05)] },
    },
    axes: [
      {
        ...axis,
        size: TIME_AXIS,
        values: (_, times) => times.map((time) => format.clock(time * 1_000)),
      },
      {
        ...axis,
        size: RATE_AXIS,
        values: (_, rates) => rates.map((rate) => `${format.size(rate)}/s`),
      },
    ],
    series: [
      { label: words.rates.time, value: time },
      { label: words.rates.down, stroke: colour("--down"), width: 1.5, value: rate },
      { label: words.rates.up, stroke: colour("--up"), width: 1.5, value: rate },
    ],
  };
}
