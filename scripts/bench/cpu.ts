/** CPU time and memory of a running process, all its threads, as the kernel tells in /proc. */

/** The kernel's clock ticks a second, on every Linux that Deno runs on. */
const TICKS = 100;

/** User and system seconds in the text of `/proc/PID/stat`. */
export function cpuOfStat(stat: string): number {
  // The second field is the program's name in brackets, and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Largest resident bytes so far in the text of `/proc/PID/status`. */
export function peakOfStatus(status: string): number {
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error("Expected a line VmHWM, got none");
  return Number(kibibytes) * 1024;
}

/** Seconds; a hundredth is the finest it tells. */
export async function cpuSeconds(pid: number): Promise<number> {
  return cpuOfStat(await Deno.readTextFile(`/proc/${pid}/stat`));
}

export async function peakBytes(pid: number): Promise<number> {
  return peakOfStatus(await Deno.readTextFile(`/proc/${pid}/status`));
}
