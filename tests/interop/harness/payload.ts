import { dirname, join } from "@std/path";

/** Every file of a folder: its path, with `/`, to the SHA-256 of its bytes in hexadecimal. */
export type Manifest = ReadonlyMap<string, string>;

/** What is to be sent: one file of a size, or a folder of many. */
export type PayloadShape =
  | { readonly kind: "file"; readonly size: number }
  | { readonly kind: "folder"; readonly files: number };

/** 24 MiB and a bit: the last piece and the last block are short. */
export const ONE_FILE: PayloadShape = { kind: "file", size: 24 * 1024 * 1024 + 12_345 };
/** For what is about finding each other, not about data. */
export const SMALL_FILE: PayloadShape = { kind: "file", size: 2 * 1024 * 1024 + 12_345 };
export const FEW_FILES: PayloadShape = { kind: "folder", files: 40 };
export const MANY_FILES: PayloadShape = { kind: "folder", files: 300 };

/** A payload on disk: `name` (a file or a folder) inside `folder`. */
export interface Payload {
  readonly folder: string;
  readonly name: string;
  readonly manifest: Manifest;
}

/** Writes a payload whose bytes depend on `seed` alone. */
export async function makePayload(
  folder: string,
  name: string,
  shape: PayloadShape,
  seed: number,
): Promise<Payload> {
  const noise = new Noise(seed);
  const manifest = new Map<string, string>();
  const write = async (path: string, size: number) => {
    const bytes = noise.bytes(size);
    await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
    await Deno.writeFile(join(folder, path), bytes);
    manifest.set(path, await digest(bytes));
  };
  if (shape.kind === "file") {
    await write(name, shape.size);
  } else {
    for (let i = 0; i < shape.files; i++) await write(`${name}/${fileName(i)}`, fileSize(i, noise));
  }
  return { folder, name, manifest };
}

/** Reads every file below `folder`, except our own state in `.tm` and paths that match `ignore`. */
export async function readManifest(folder: string, ignore = /^$/): Promise<Manifest> {
  const manifest = new Map<string, string>();
  const walk = async (prefix: string): Promise<void> => {
    for await (const entry of Deno.readDir(join(folder, prefix))) {
      const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      if (path === ".tm" || ignore.test(path)) continue;
      if (entry.isDirectory) await walk(path);
      else manifest.set(path, await digest(await Deno.readFile(join(folder, path))));
    }
  };
  await walk("");
  return manifest;
}

/** Says how `actual` differs from `expected`, or null when it does not. */
export function difference(
  expected: Manifest,
  actual: Manifest,
  emptyFilesMayBeMissing: boolean,
): string | null {
  const wrong: string[] = [];
  for (const [path, hash] of expected) {
    const got = actual.get(path);
    if (got === undefined && emptyFilesMayBeMissing && hash === EMPTY) continue;
    if (got !== hash) wrong.push(`${path}: expected sha256 ${hash}, got ${got ?? "no such file"}`);
  }
  for (const path of actual.keys()) {
    if (!expected.has(path)) wrong.push(`${path}: not in the torrent`);
  }
  if (wrong.length === 0) return null;
  return `${wrong.length} files differ\n  ${wrong.slice(0, 10).join("\n  ")}`;
}

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Folders up to three deep, and names in several scripts. */
function fileName(index: number): string {
  const folders = ["", "docs/", "Ærøskøbing/", "データ/夏/", "a/b/c/", "with space/"];
  const stems = ["plain", "naïve café", "привет", "写真", "emoji 🎈", "(brackets) & 'quotes'"];
  const folder = folders[index % folders.length] ?? "";
  const stem = stems[Math.floor(index / folders.length) % stems.length] ?? "";
  return `${folder}${String(index).padStart(3, "0")} ${stem}.bin`;
}

/** Empty, tiny, about a block, about a piece, and a few of some pieces. */
function fileSize(index: number, noise: Noise): number {
  switch (index % 10) {
    case 0:
      return 0;
    case 1:
      return 1 + noise.below(20);
    case 2:
      return 16_384;
    case 3:
      return 262_144 - 1 + noise.below(3);
    case 4:
      return index % 100 === 4 ? 1_000_000 + noise.below(1000) : 5_000;
    default:
      return noise.below(40_000);
  }
}

/** Marsaglia's xorshift: the same bytes for a seed everywhere. */
class Noise {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761 + 1) >>> 0 || 1;
  }

  bytes(size: number): Uint8Array<ArrayBuffer> {
    const words = new Uint32Array(Math.ceil(size / 4));
    for (let i = 0; i < words.length; i++) words[i] = this.#next();
    return new Uint8Array(words.buffer, 0, size);
  }

  below(limit: number): number {
    return this.#next() % limit;
  }

  #next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return this.#state = x >>> 0;
  }
}
