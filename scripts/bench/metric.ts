/** What a run measures, under the name its result files use. MB are 1,000,000 bytes, MiB 1,048,576. */
export const METRICS = {
  /** Payload over the wall time of the whole process, from its start to its end. */
  speed: { heading: "MB/s", unit: "MB/s", digits: 0 },
  /** Payload over the time from the first byte the seeder sent to the last. */
  transferSpeed: { heading: "MB/s, first byte to last", unit: "MB/s", digits: 0 },
  /** Torrent over the wall time in which nothing was transferred: that of checking, mostly. */
  checkSpeed: { heading: "MB/s, checking", unit: "MB/s", digits: 0 },
  seconds: { heading: "s", unit: "s", digits: 2 },
  milliseconds: { heading: "ms", unit: "ms", digits: 0 },
  /** For twelve fields of every torrent. */
  answerMilliseconds: { heading: "ms, answer", unit: "ms for 12 fields of all", digits: 1 },
  /** The command `tm list`, from its start to its end. */
  listMilliseconds: { heading: "ms, tm list", unit: "ms for tm list", digits: 0 },
  /** Of 100 answers the slowest but one, while something is downloaded at full speed. */
  busyMilliseconds: {
    heading: "ms, p99 at full speed",
    unit: "ms, 99 of 100 at full speed",
    digits: 1,
  },
  /** User and system time of all threads. */
  cpuSeconds: { heading: "CPU s", unit: "CPU s", digits: 2 },
  /** CPU time of the seeder while it served. */
  seederCpuSeconds: { heading: "seeder's CPU s", unit: "CPU s of the seeder", digits: 2 },
  /** Largest resident size, as the kernel accounts it. */
  peakMebibytes: { heading: "peak MiB", unit: "MiB", digits: 0 },
  /** CPU time over wall time while nothing is transferred; 100 is one core. */
  idlePercent: { heading: "% of a core, idle", unit: "% of a core", digits: 1 },
  /** Bytes read from sockets over the time watched; KB are 1,000 bytes. */
  rate: { heading: "KB/s", unit: "KB/s", digits: 1 },
  /** Of any ten seconds, the largest deviation from the limit. */
  offLimitPercent: { heading: "% off at worst over 10 s", unit: "% off over 10 s", digits: 2 },
  /** Of what one TCP connection has of a line alone: uTP alone on it; that TCP beside uTP; uTP beside it, and after it. */
  alonePercent: { heading: "% of the line, alone", unit: "% of the line alone", digits: 0 },
  tcpPercent: { heading: "% left to TCP", unit: "% of the line left to TCP", digits: 0 },
  besidePercent: { heading: "% beside TCP", unit: "% of the line beside TCP", digits: 1 },
  afterPercent: { heading: "% after TCP", unit: "% of the line after TCP", digits: 0 },
  /** BBR beside uTP. */
  bbrPercent: { heading: "% left to BBR", unit: "% of the line left to BBR", digits: 0 },
  /** CPU time over wall time; 100 is one core. */
  busyPercent: { heading: "% of a core", unit: "% of a core", digits: 1 },
  /** From the address to the list on the screen. */
  firstViewMilliseconds: { heading: "ms, first view", unit: "ms to the first view", digits: 0 },
  /** Script, style and layout of a page in a second, in which there is an update; the middle of all, and of 20 the most but one. */
  updateMilliseconds: { heading: "ms, update", unit: "ms of the page for an update", digits: 1 },
  slowUpdateMilliseconds: {
    heading: "ms, update, p95",
    unit: "ms, 95 of 100 updates",
    digits: 1,
  },
  /** Between two frames while the list scrolls. */
  frameMilliseconds: { heading: "ms, frame, p95", unit: "ms, 95 of 100 frames", digits: 1 },
  /** CPU time over wall time of the manager for a page that is open, alone or as one of five; 100 is one core. */
  pagePercent: { heading: "% of a core, a page", unit: "% of a core for a page", digits: 2 },
  severalPagesPercent: {
    heading: "% of a core, each of five pages",
    unit: "% of a core for each of five pages",
    digits: 2,
  },
  /** Connections that were up at the same time. */
  connections: { heading: "connections", unit: "connections", digits: 0 },
} as const;
export type Metric = keyof typeof METRICS;

/** Measured values; what a program does not have is left out. */
export type Figures = Readonly<Partial<Record<Metric, number>>>;

/** What one program did in one round. */
export interface Sample {
  readonly round: number;
  readonly program: string;
  readonly figures: Figures;
}

/** Middle value; the mean of the two in the middle when their number is even. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? NaN;
  const high = sorted[Math.floor(middle)] ?? NaN;
  return (low + high) / 2;
}

/** Median of one program's values of a metric; null when it has none. */
export function medianOf(
  samples: readonly Sample[],
  program: string,
  metric: Metric,
): number | null {
  const values = samples.filter((one) => one.program === program)
    .flatMap(({ figures }) => figures[metric] ?? []);
  return values.length === 0 ? null : median(values);
}

/**
 * Median over the rounds of the ratio within a round: a machine that is slower for a while is slower for
 * both. Null when they share no round.
 */
export function medianRatio(
  samples: readonly Sample[],
  metric: Metric,
  program: string,
  over: string,
): number | null {
  const base = new Map(
    samples.filter((one) => one.program === over).map(({ round, figures }) => [
      round,
      figures[metric],
    ]),
  );
  const ratios = samples.filter((one) => one.program === program).flatMap((sample) => {
    const own = sample.figures[metric];
    const other = base.get(sample.round);
    return own === undefined || other === undefined ? [] : [own / other];
  });
  return ratios.length === 0 ? null : median(ratios);
}

/** Each value less the mean of the two of `bases` before and after it: what goes up or down meanwhile is in both. */
export function overNeighbours(bases: readonly number[], values: readonly number[]): number[] {
  return values.map((value, i) => value - ((bases[i] ?? NaN) + (bases[i + 1] ?? NaN)) / 2);
}

/** A value for people, without its unit. */
export function format(metric: Metric, value: number | null): string {
  return value === null ? "–" : value.toFixed(METRICS[metric].digits);
}
