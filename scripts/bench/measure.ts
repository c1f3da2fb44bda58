import { join } from "@std/path";
import type { Figures } from "./metric.ts";
import { PYTHON, pythonScript } from "./programs/program.ts";

/** What a process cost. */
export interface Cost {
  /** From just before the process starts until it has ended. */
  readonly wallSeconds: number;
  /** User and system together, of that process. */
  readonly cpuSeconds: number;
  /** Largest resident size. */
  readonly peakBytes: number;
  /** Negative: the signal that killed it. */
  readonly exitCode: number;
}

/** How long a command may run, and what happens then. */
export interface Limit {
  readonly seconds: number;
  /** True: its end is no failure. */
  readonly cut?: boolean;
}

/** Runs a command under `python/measure.py`; throws, with its output, unless it exits 0 in time or is cut off. */
export async function measure(
  command: readonly string[],
  limit: Limit,
  scratch: string,
  signal: AbortSignal,
): Promise<Cost> {
  const result = join(scratch, "cost.json");
  const { stdout, stderr } = await new Deno.Command(PYTHON, {
    args: ["-I", pythonScript("measure.py"), result, `${limit.seconds}`, "--", ...command],
    cwd: scratch,
    env: { HOME: scratch },
    stdin: "null",
    signal,
  }).output();
  signal.throwIfAborted();
  const said = () => new TextDecoder().decode(new Uint8Array([...stdout, ...stderr])).slice(-3000);
  let cost: Cost;
  try {
    cost = JSON.parse(await Deno.readTextFile(result));
    await Deno.remove(result);
  } catch (error) {
    throw new Error(`Expected ${command.join(" ")} to run\n${said()}`, { cause: error });
  }
  const killed = cost.exitCode === -9;
  if (cost.exitCode === 0 || (killed && limit.cut === true)) return cost;
  const how = killed ? `no end within ${limit.seconds} s` : `exit code ${cost.exitCode}`;
  throw new Error(`Expected exit code 0 from ${command.join(" ")}, got ${how}\n${said()}`);
}

/** The cost of handling `bytes`, in the tables' units. */
export function costFigures(cost: Cost, bytes: number): Figures {
  return {
    speed: bytes / 1e6 / cost.wallSeconds,
    seconds: cost.wallSeconds,
    cpuSeconds: cost.cpuSeconds,
    peakMebibytes: cost.peakBytes / 2 ** 20,
  };
}
