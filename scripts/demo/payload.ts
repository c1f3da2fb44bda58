/** A file that no compression or sparse storage makes easier, quickly made and the same each time. */
import { createHash } from "node:crypto";

const STEP = 1 << 20;

/** Fills `words` from a seeded generator (xorshift128), whose four words of state are `state`. */
export function fillRandom(words: Uint32Array, state: Uint32Array): void {
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  for (let i = 0; i < words.length; i++) {
    const t = a ^ (a << 11);
    a = b;
    b = c;
    c = d;
    d = d ^ (d >>> 19) ^ t ^ (t >>> 8);
    words[i] = d;
  }
  state.set([a, b, c, d]);
}

/** Writes `size` bytes, a multiple of 1 MiB, and gives their SHA-256 in hexadecimal. Throws what the disk throws, and `signal`'s reason. */
export async function writePayload(
  path: string,
  size: number,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash("sha256");
  const words = new Uint32Array(STEP / 4);
  const bytes = new Uint8Array(words.buffer);
  const state = Uint32Array.of(2026, 0x9e3779b9, 0x243f6a88, 0xb7e15162);
  using file = await Deno.open(path, { write: true, createNew: true });
  for (let done = 0; done < size; done += STEP) {
    signal.throwIfAborted();
    fillRandom(words, state);
    hash.update(bytes);
    for (let at = 0; at < STEP;) at += await file.write(bytes.subarray(at));
  }
  return hash.digest("hex");
}

/** SHA-256 of a file in hexadecimal. */
export async function digestFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(STEP);
  using file = await Deno.open(path);
  for (;;) {
    signal.throwIfAborted();
    const count = await file.read(buffer);
    if (count === null) return hash.digest("hex");
    hash.update(buffer.subarray(0, count));
  }
}
