/**
 * Every start of a thread with all it imports as one file, because a program of hundreds of modules spends half of its
 * start finding them. A worker is named in the source by a URL beside its starter, so all files go into one folder.
 */
import { basename } from "@std/path";

/** Where the files go, from the top of the project. */
export const BUNDLES = "dist/bundle";

/** Where the file of a module goes; it keeps its name. */
export function bundlePath(entry: string): string {
  return `${BUNDLES}/${basename(entry)}`;
}

/** The arguments of `deno` that make one. Short names cost the trace of a fault its words and save 6 MiB of memory. */
export function bundleArguments(entry: string): string[] {
  return ["bundle", "--quiet", "--minify", "--output", bundlePath(entry), entry];
}

/** Makes all of them; `run` runs Deno and throws when it fails. Throws `Error` when two would have the same name. */
export async function bundleAll(
  entries: readonly string[],
  run: (args: string[]) => Promise<void>,
): Promise<void> {
  if (new Set(entries.map(bundlePath)).size < entries.length) {
    throw new Error(`Expected entries of different names, got ${entries.join(", ")}`);
  }
  const [first, ...others] = entries;
  if (first === undefined) return;
  // the first fetches the bundler, on a new machine: two that do so at once are in each other's way
  await run(bundleArguments(first));
  await Promise.all(others.map((entry) => run(bundleArguments(entry))));
}
