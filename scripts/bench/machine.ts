import { run } from "../../tests/interop/harness/run.ts";
import type { Program } from "./programs/program.ts";

/** Where and with what a figure was measured. */
export interface Machine {
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly cores: number;
  readonly cpu: string;
  readonly kernel: string;
  /** The kind of file system the data was on. */
  readonly fileSystem: string;
  /** Program to version. */
  readonly versions: Readonly<Record<string, string>>;
}

export async function describeMachine(
  programs: readonly Program[],
  tm: string,
  folder: string,
): Promise<Machine> {
  const versions: Record<string, string> = {};
  for (const one of programs) {
    const version = await one.version(tm);
    if (version !== null) versions[one.name] = version;
  }
  const cpu = /^model name\s*:\s*(.*)$/m.exec(await Deno.readTextFile("/proc/cpuinfo"))?.[1];
  return {
    date: new Date().toISOString(),
    cores: navigator.hardwareConcurrency,
    cpu: cpu ?? "unknown",
    kernel: Deno.osRelease(),
    fileSystem: (await run(["stat", "--file-system", "--format=%T", folder])).trim(),
    versions,
  };
}
