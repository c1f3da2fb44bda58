import { basename, fromFileUrl, join } from "@std/path";
import type { Payload } from "./payload.ts";
import { run } from "./run.ts";

/** A torrent file on disk. */
export interface Torrent {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** 40 digits of hexadecimal, in lower case; of a v2 torrent the first ones of its hash. */
  readonly infoHash: string;
  /** 64 digits; not given: v1. */
  readonly infoHashV2?: string;
  readonly name: string;
}

/** Which program makes it: our readers should not only meet our own writer. */
export type Maker = "tm" | "mktorrent" | "libtorrent";

/**
 * Makes the torrent of a payload beside it; `pieceLength` is a power of two, in bytes. Without a tracker (`announce`
 * null) only `tm` is asked to. `more`: other options of the maker.
 */
export async function makeTorrent(
  maker: Maker,
  tm: string,
  payload: Payload,
  announce: string | null,
  pieceLength: number,
  more: readonly string[] = [],
): Promise<Torrent> {
  const path = join(payload.folder, "..", `${basename(payload.folder)}.torrent`);
  const source = join(payload.folder, payload.name);
  await run([...command(maker, tm, source, path, announce, pieceLength), ...more]);
  const bytes = await Deno.readFile(path);
  const { name } = payload;
  const info = infoOf(bytes);
  const isV2 = more.includes("--v2");
  if (!isV2 && !more.includes("--hybrid")) {
    return { path, bytes, infoHash: await digest("SHA-1", info), name };
  }
  const infoHashV2 = await digest("SHA-256", info);
  const infoHash = isV2 ? infoHashV2.slice(0, 40) : await digest("SHA-1", info);
  return { path, bytes, infoHash, infoHashV2, name };
}

function command(
  maker: Maker,
  tm: string,
  source: string,
  path: string,
  announce: string | null,
  pieceLength: number,
): string[] {
  const create = [tm, "create", source, "-o", path, "--piece-length", `${pieceLength}`];
  if (announce === null) return create;
  switch (maker) {
    case "tm":
      return [...create, "-a", announce];
    case "mktorrent":
      return ["mktorrent", "-l", `${Math.log2(pieceLength)}`, "-a", announce, "-o", path, source];
    case "libtorrent": {
      const script = fromFileUrl(new URL("../python/make_torrent.py", import.meta.url));
      return ["/usr/bin/python3", script, source, path, announce, `${pieceLength}`];
    }
  }
}

async function digest(algorithm: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest(algorithm, bytes)).toHex();
}

/**
 * The raw bytes of `info`, which info hashes are over (BEP 3, 52). Written on its own rather than with the project's
 * decoder, which is what is tested.
 */
function infoOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  // The outermost dictionary: keys and values follow each other.
  let at = 1;
  while (bytes[at] !== LETTER_E) {
    const key = at;
    at = skip(bytes, at);
    const name = new TextDecoder("latin1").decode(bytes.subarray(key, at));
    const value = at;
    at = skip(bytes, at);
    if (name === "4:info") {
      return bytes.slice(value, at);
    }
  }
  throw new Error("Expected a dictionary with the key info in a torrent just made");
}

const LETTER_D = 100, LETTER_E = 101, LETTER_I = 105, LETTER_L = 108, COLON = 58, ZERO = 48;

/** The offset after the value at `at`. The input is a torrent a test has just made: no hostility. */
function skip(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === undefined) throw new Error(`Expected a bencoded value at ${at}, got the end`);
  if (first === LETTER_I) return bytes.indexOf(LETTER_E, at) + 1;
  if (first === LETTER_D || first === LETTER_L) {
    at++;
    while (bytes[at] !== LETTER_E) at = skip(bytes, at);
    return at + 1;
  }
  let length = 0;
  for (; bytes[at] !== COLON; at++) length = length * 10 + (bytes[at] ?? NaN) - ZERO;
  return at + 1 + length;
}
