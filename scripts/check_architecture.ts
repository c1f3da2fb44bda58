/**
 * `deno task architecture`: holds the code to the layers of the design. One line for each breach, as
 * `file:line message`, and exit 1 when there is any.
 */
import { check, medianLines } from "./architecture/check.ts";

/** The text of every code file under `folder` of the project at `root`, by its path with `/`. */
async function read(root: string, folder: string, into: Map<string, string>): Promise<void> {
  for await (const entry of Deno.readDir(`${root}/${folder}`)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) await read(root, path, into);
    else if (/\.(tsx?|js|css|html|sh|py)$/.test(entry.name)) {
      into.set(path, await Deno.readTextFile(`${root}/${path}`));
    }
  }
}

if (import.meta.main) {
  const root = `${import.meta.dirname}/..`;
  const files = new Map<string, string>();
  for (const folder of ["src", "scripts"]) await read(root, folder, files);
  files.set("mod.ts", await Deno.readTextFile(`${root}/mod.ts`).catch(() => ""));
  const faults = check(files);
  // deno-lint-ignore no-console -- a script's output
  for (const { path, line, message } of faults) console.error(`${path}:${line} ${message}`);
  // deno-lint-ignore no-console -- a script's output
  console.log(`${files.size} files, median ${medianLines(files)} lines, ${faults.length} faults`);
  Deno.exit(faults.length === 0 ? 0 : 1);
}
