/**
 * What the program is made of: few files, because a program of hundreds of modules spends half of its start finding
 * them, and not one alone, because reading what a command does not use takes as long. So the program's start is split
 * where something is loaded when it is needed, as each command is, and so is the engine's thread, which a manager has
 * twice the code in; every other thread starts with one file with all it imports. A worker is named in the source by a URL beside its starter, so all files of a program go into one folder.
 */
import { basename } from "@std/path";

/** Where the folders of the programs are, from the top of the project. */
export const BUNDLES = "dist/bundle";

/** The folder of the program that starts with the module `entry`. */
export function bundleFolder(entry: string): string {
  return `${BUNDLES}/${basename(entry, ".ts")}`;
}

/** Where the program starts. */
export function programPath(entry: string): string {
  return `${bundleFolder(entry)}/${basename(entry, ".ts")}.js`;
}

/** Where a thread of that program starts; the file keeps its name, as the source says it. */
export function workerPath(entry: string, worker: string): string {
  return `${bundleFolder(entry)}/${basename(worker)}`;
}

/** Where that program's web page is: beside its code, as it is found from there. */
export function pageFolder(entry: string): string {
  return `${bundleFolder(entry)}/page`;
}

/** Short names cost the trace of a fault its words and save 6 MiB of memory. */
const BUNDLE = ["bundle", "--quiet", "--minify"];

/** The arguments of `deno` that bundle the program's start. */
export function programArguments(entry: string): string[] {
  return [...BUNDLE, "--code-splitting", "--outdir", bundleFolder(entry), entry];
}

/** A thread that loads what it needs when it does, so its code is split as the program's start is. */
const SPLIT = "engine_worker.ts";

/** The arguments of `deno` that bundle a thread of it. */
export function workerArguments(entry: string, worker: string): string[] {
  if (basename(worker) === SPLIT) {
    return [...BUNDLE, "--code-splitting", "--outdir", bundleFolder(entry), worker];
  }
  return [...BUNDLE, "--output", workerPath(entry, worker), worker];
}

/** What stands at {@linkcode workerPath} of a thread whose code is split; null: the bundle itself does. */
export function workerStub(worker: string): string | null {
  const name = basename(worker);
  return name === SPLIT ? `import "./${basename(name, ".ts")}.js";\n` : null;
}

/** Makes all of them; `run` runs Deno and throws when it fails. Throws `Error` when two would have the same name. */
export async function bundleAll(
  entry: string,
  workers: readonly string[],
  run: (args: string[]) => Promise<void>,
): Promise<void> {
  const paths = [programPath(entry), ...workers.map((worker) => workerPath(entry, worker))];
  if (new Set(paths).size < paths.length) {
    throw new Error(`Expected threads of different names, got ${workers.join(", ")}`);
  }
  // the first fetches the bundler, on a new machine: two that do so at once are in each other's way
  await run(programArguments(entry));
  await Promise.all(workers.map(async (worker) => {
    await run(workerArguments(entry, worker));
    const stub = workerStub(worker);
    if (stub !== null) await Deno.writeTextFile(workerPath(entry, worker), stub);
  }));
}
