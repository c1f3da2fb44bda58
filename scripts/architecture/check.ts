/** The rules of the design as a function of the files' text; it reads no disk. */
import { blank } from "./blank.ts";
import { allowance, FORBIDDEN, isCore, layerOf, mayImport } from "./layers.ts";

/** A breach of the design at a line (from 1) of a file. */
export interface Fault {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** The most lines a file of `src/` or `scripts/`, or `mod.ts`, may have. */
export const MAX_LINES = 400;

/** Every breach in `files`, a map from path (with `/`, from the top of the project) to text, in order of path and line. */
export function check(files: ReadonlyMap<string, string>): Fault[] {
  const faults: Fault[] = [];
  for (const [path, text] of files) {
    if (!isOurs(path)) continue;
    const lines = countLines(text);
    if (lines > MAX_LINES) {
      const message = `Split the file: expected at most ${MAX_LINES} lines, got ${lines}`;
      faults.push({ path, line: MAX_LINES + 1, message });
    }
    if (/\.(js|tsx?)$/.test(path)) faults.push(...checkCode(path, text));
  }
  faults.push(...checkDoors(files));
  return faults.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line);
}

/** The median number of lines of the TypeScript files in `files`, declarations left out; 0 for none. */
export function medianLines(files: ReadonlyMap<string, string>): number {
  const lengths = [...files]
    .filter(([path]) => isOurs(path) && /\.tsx?$/.test(path) && !path.endsWith(".d.ts"))
    .map(([, text]) => countLines(text))
    .sort((a, b) => a - b);
  const middle = lengths.length >> 1;
  if (lengths.length === 0) return 0;
  return lengths.length % 2 ? lengths[middle]! : (lengths[middle - 1]! + lengths[middle]!) / 2;
}

function isOurs(path: string): boolean {
  return path === "mod.ts" || path.startsWith("src/") || path.startsWith("scripts/");
}

function countLines(text: string): number {
  return text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

/** The folder of `src/` that a path is in; undefined outside and directly under `src/`. */
function folderOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

function checkCode(path: string, text: string): Fault[] {
  const folder = folderOf(path);
  if (folder === undefined && path !== "mod.ts") return [];
  const code = blank(text);
  const faults: Fault[] = [];
  const add = (offset: number, message: string) =>
    faults.push({ path, line: text.slice(0, offset).split("\n").length, message });

  for (const { offset, specifier } of importsOf(code, text)) {
    const message = importFault(path, folder, specifier);
    if (message !== null) add(offset, message);
  }
  if (folder === undefined || !isCore(folder)) return faults;
  for (const [word, pattern] of FORBIDDEN) {
    const allowed = allowance(path, word);
    for (const match of [...code.matchAll(pattern)].slice(Math.min(allowed, code.length))) {
      const limit = allowed === 0 ? "" : ` more than ${allowed} times`;
      add(match.index, `Keep ${word} out of the core layers${limit}, got ${match[0]}`);
    }
  }
  return faults;
}

/** Every module a file names: static, dynamic and type imports and re-exports. */
function* importsOf(code: string, text: string): Iterable<{ offset: number; specifier: string }> {
  const pattern = /(?<![.\w$#])(?:from|import)\s*(?:\(\s*)?(["'])/g;
  for (const match of code.matchAll(pattern)) {
    const start = match.index + match[0].length;
    const end = code.indexOf(match[1]!, start);
    // `from(` is a call of some function; only `import(` names a module.
    if (end < 0 || /^from\s*\(/.test(match[0])) continue;
    yield { offset: start, specifier: text.slice(start, end) };
  }
}

/** Why `path`, in `folder` (undefined: the project's `mod.ts`), may not import `specifier`; null when it may. */
function importFault(path: string, folder: string | undefined, specifier: string): string | null {
  if (!specifier.startsWith(".")) {
    const core = folder !== undefined && isCore(folder) && allowance(path, "node:") === 0;
    return core && specifier.startsWith("node:")
      ? `Keep node: modules out of the core layers, got ${specifier}`
      : null;
  }
  const target = resolve(path, specifier);
  if (target === "deno.json") return null; // The version, as data.
  const other = folderOf(target);
  if (other === undefined) return `Import only from src/, got ${specifier}`;
  if (other === folder) return null;
  if (layerOf(other) === undefined) return `Give ${other} a layer before it is imported`;
  if (folder !== undefined && layerOf(folder) !== undefined && !mayImport(folder, other)) {
    const ranks = `${folder} is layer ${layerOf(folder)}, ${other} is layer ${layerOf(other)}`;
    return `Import only lower layers: ${ranks}, got ${specifier}`;
  }
  if (target !== `src/${other}/mod.ts`) return `Enter ${other} by its mod.ts, got ${specifier}`;
  return null;
}

/** Where a relative specifier in the file `path` leads, from the top of the project. */
function resolve(path: string, specifier: string): string {
  const parts = path.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** Every folder of `src/` has a layer and a door. */
function checkDoors(files: ReadonlyMap<string, string>): Fault[] {
  const folders = new Set([...files.keys()].map(folderOf).filter((folder) => folder !== undefined));
  const faults: Fault[] = [];
  for (const folder of folders) {
    const path = `src/${folder}/mod.ts`;
    if (layerOf(folder) === undefined) {
      faults.push({ path, line: 1, message: `Expected a folder of the design, got src/${folder}` });
    }
    if (!files.has(path)) faults.push({ path, line: 1, message: `Add a mod.ts to src/${folder}` });
  }
  return faults;
}
