import { run } from "../../tests/interop/harness/run.ts";

/** What had been read from sockets at a moment. */
export interface Reading {
  /** Seconds. */
  readonly at: number;
  readonly bytes: number;
}

/**
 * Bytes that programs have read from connections to these ports of this machine, of those connections that are up, as
 * the kernel counts them: what arrived, less what waits to be read.
 */
export async function readFrom(ports: readonly number[], signal: AbortSignal): Promise<Reading> {
  const filter = ports.map((port) => `dport = :${port}`).join(" or ");
  const out = await run(["ss", "-tinH", filter], {}, signal);
  return { at: performance.now() / 1000, bytes: readOf(out) };
}

/** The bytes in the output of `ss -tinH`: a line for each connection and an indented one with its figures. */
export function readOf(out: string): number {
  let bytes = 0;
  for (const line of out.split("\n")) {
    const waiting = /^\S+\s+(\d+)\s/.exec(line)?.[1];
    const arrived = /\bbytes_received:(\d+)/.exec(line)?.[1];
    bytes += Number(arrived ?? 0) - Number(waiting ?? 0);
  }
  return bytes;
}

/** The largest deviation from `rate`, in percent, of any stretch of at least `seconds` and less than one more reading. */
export function worstDeviation(
  readings: readonly Reading[],
  rate: number,
  seconds: number,
): number {
  let worst = NaN;
  for (const [i, first] of readings.entries()) {
    const last = readings.slice(i).find(({ at }) => at - first.at >= seconds);
    if (last === undefined) break;
    const measured = (last.bytes - first.bytes) / (last.at - first.at);
    const off = Math.abs(measured / rate - 1) * 100;
    if (!(off <= worst)) worst = off;
  }
  return worst;
}
