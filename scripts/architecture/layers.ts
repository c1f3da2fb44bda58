/** The layers of `src/`, which folders may import which, and the few exceptions with their reasons. */

/** A folder imports only folders with a lower number. */
const LAYERS: Readonly<Record<string, number>> = {
  base: 0,
  bencode: 1,
  metainfo: 1,
  wire: 2,
  tracker: 2,
  dht: 2,
  utp: 2,
  gateway: 2,
  proxy: 2,
  swarm: 3,
  net: 4,
  storage: 4,
  session: 5,
  manager: 6,
  engine: 7,
  control: 8,
  remote: 8,
  cli: 9,
};

/** The one import between folders of the same number. */
const SIDEWAYS: ReadonlySet<string> = new Set(["metainfo→bencode"]);

/** Layers up to this one are synchronous state machines: time and randomness are handed to them. */
const LAST_CORE_LAYER = 3;

/** The number of a folder of `src/`, undefined when the design does not name it. */
export function layerOf(folder: string): number | undefined {
  return Object.hasOwn(LAYERS, folder) ? LAYERS[folder] : undefined;
}

/** True when the design lets `from` import `to`. Both are names of folders with a layer. */
export function mayImport(from: string, to: string): boolean {
  return layerOf(to)! < layerOf(from)! || SIDEWAYS.has(`${from}→${to}`);
}

/** True for the folders that may not touch the clock, the system or a promise. */
export function isCore(folder: string): boolean {
  return (layerOf(folder) ?? Infinity) <= LAST_CORE_LAYER;
}

/** What core code may not say. A name after a dot is someone's property, not the global. */
export const FORBIDDEN: ReadonlyMap<string, RegExp> = new Map([
  ["Deno", /(?<![.\w$#])Deno\b/g],
  ["Date", /(?<![.\w$#])Date\b/g],
  ["Math.random", /(?<![.\w$#])Math\s*\.\s*random\b/g],
  ["performance", /(?<![.\w$#])performance\b/g],
  ["timers", /(?<![.\w$#])(?:setTimeout|setInterval|queueMicrotask)\b/g],
  ["async", /(?<![.\w$#])async\b/g],
  ["await", /(?<![.\w$#])await\b/g],
  ["crypto", /(?<![.\w$#])crypto\b/g],
  ["fetch", /(?<![.\w$#])fetch\s*\(/g],
  ["globalThis", /(?<![.\w$#])globalThis\b/g],
]);

/** A core file that may say a forbidden word, how often at most, and why. */
export interface Exception {
  readonly path: string;
  readonly words: Readonly<Record<string, number>>;
  readonly reason: string;
}

/** Every exception there is. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    path: "src/base/sha.ts",
    words: { async: 2, await: 2, crypto: 2 },
    reason: "Web Crypto digests on threads of its own and answers with a promise",
  },
  {
    path: "src/base/random.ts",
    words: { crypto: 1 },
    reason: "the one source of real randomness, behind the Random interface",
  },
  {
    path: "src/metainfo/parse.ts",
    words: { async: 2, await: 4 },
    reason: "the info hashes are SHA-1 and SHA-256, which are promises",
  },
  {
    path: "src/metainfo/create.ts",
    words: { async: 1, await: 1 },
    reason: "the info hash is a SHA-1, which is a promise",
  },
];

/** How often `path` may say `word`. `base/std` only gives packages their names and is not core code. */
export function allowance(path: string, word: string): number {
  if (path.startsWith("src/base/std/")) return Infinity;
  return EXCEPTIONS.find((exception) => exception.path === path)?.words[word] ?? 0;
}
