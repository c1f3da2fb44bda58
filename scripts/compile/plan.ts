/** What `deno compile` is told, as values: targets, the two builds and their arguments. */
import { PROXY_VARIABLES } from "../../src/cli/proxy_variables.ts";
import { pageFolder, programPath, workerPath } from "./bundle.ts";

/** The five platforms Deno compiles for. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-pc-windows-msvc",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
] as const;
export type Target = (typeof TARGETS)[number];

/** One of the two programs. */
export interface Build {
  /** Its file in `dist/`, before a target's suffix. */
  readonly name: string;
  /** The module it starts with; the locked one knows by it that it is locked. */
  readonly entry: string;
  /** The only folder it may ever touch; null: narrowed at run time to the folder of `-d`. */
  readonly folder: string | null;
}

/** `tm`: any folder the user names, and then no other. */
export const OPEN_BUILD: Build = { name: "tm", entry: "src/cli/tm_main.ts", folder: null };

/** `tm-locked`: `./downloads` under the folder it is started in, whatever it is told. */
export const LOCKED_BUILD: Build = {
  name: "tm-locked",
  entry: "src/cli/locked_main.ts",
  folder: "./downloads",
};

/** The arguments of the compile script, checked. */
export interface Request {
  readonly build: Build;
  /** Null: the machine it runs on. */
  readonly target: Target | null;
}

/** Reads the script's arguments: `[--locked] [--target TARGET]`. Throws `TypeError` on anything else. */
export function parseRequest(args: readonly string[]): Request {
  let build = OPEN_BUILD;
  let target: Target | null = null;
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [name, value] = word.split("=", 2);
    if (word === "--locked") build = LOCKED_BUILD;
    else if (name === "--target") target = asTarget(value ?? rest.shift() ?? "");
    else throw new TypeError(`Expected --locked or --target, got ${word}`);
  }
  return { build, target };
}

function asTarget(text: string): Target {
  const target = TARGETS.find((known) => known === text);
  if (target === undefined) {
    throw new TypeError(`Expected a target of ${TARGETS.join(", ")}, got "${text}"`);
  }
  return target;
}

/** Where the program goes, from the top of the project. `host` is the machine's own target. */
export function outputPath({ build, target }: Request, host: string): string {
  const suffix = (target ?? host).includes("windows") ? ".exe" : "";
  return `dist/${build.name}${target === null ? "" : `-${target}`}${suffix}`;
}

/**
 * The arguments of `deno` that build it of its bundles. `workers` are the modules that start threads: nothing imports
 * them, so they are named. No run or ffi permission, and of the environment what the program takes out of it; a question
 * would be answered with no.
 */
export function compileArguments(
  request: Request,
  host: string,
  workers: readonly string[],
): string[] {
  const folder = request.build.folder === null ? "" : `=${request.build.folder}`;
  return [
    "compile",
    "--no-prompt",
    "--no-code-cache",
    // every piece passes Web Crypto as a copy outside V8's heap, which V8 answers with a collection of everything
    // every few megabytes, a third of all CPU time: with room from the start, the cheap collections of young objects do
    // three threads each have a heap: young objects in 4 MiB cost a download nothing, and spare a manager 60 MB
    "--v8-flags=--no-incremental-marking,--initial-heap-size=128,--max-semi-space-size=4",
    // the bundles are plain JavaScript, those of workers under the names of their sources
    "--no-check",
    "--exclude-unused-npm",
    "--unstable-worker-options",
    "--unstable-net",
    "--allow-net",
    `--allow-read${folder}`,
    `--allow-write${folder}`,
    "--allow-sys=statfs,networkInterfaces",
    `--allow-env=${PROXY_VARIABLES.join(",")}`,
    ...workers.flatMap((path) => ["--include", workerPath(request.build.entry, path)]),
    // files that are only read
    "--include",
    pageFolder(request.build.entry),
    ...(request.target === null ? [] : ["--target", request.target]),
    "--output",
    outputPath(request, host),
    programPath(request.build.entry),
  ];
}
