import { fromFileUrl, join } from "@std/path";

/** What one download cost. */
export interface Cost {
  /** From just before the process starts until it has ended. */
  readonly wallSeconds: number;
  /** User and system together, of that process. */
  readonly cpuSeconds: number;
  /** Largest resident size. */
  readonly peakBytes: number;
}

/** Runs a command under `python/measure.py`; throws, with its output, unless it exits 0 in time. */
export async function measure(
  command: readonly string[],
  seconds: number,
  scratch: string,
): Promise<Cost> {
  const result = join(scratch, "cost.json");
  const script = fromFileUrl(new URL("python/measure.py", import.meta.url));
  const { stdout, stderr } = await new Deno.Command("/usr/bin/python3", {
    args: ["-I", script, result, `${seconds}`, "--", ...command],
    cwd: scratch,
    env: { HOME: scratch },
    stdin: "null",
  }).output();
  const said = () => new TextDecoder().decode(new Uint8Array([...stdout, ...stderr])).slice(-3000);
  let cost: Cost & { exitCode: number };
  try {
    cost = JSON.parse(await Deno.readTextFile(result));
    await Deno.remove(result);
  } catch (error) {
    throw new Error(`Expected ${command.join(" ")} to run\n${said()}`, { cause: error });
  }
  if (cost.exitCode !== 0) {
    const how = cost.exitCode === -9 ? `no end within ${seconds} s` : `exit code ${cost.exitCode}`;
    throw new Error(`Expected exit code 0 from ${command.join(" ")}, got ${how}\n${said()}`);
  }
  return cost;
}
