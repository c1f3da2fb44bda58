import {
  type Bytes,
  concat,
  type InfoHash,
  infoHash,
  SeededRandom,
  sha1,
  toHex,
} from "../../../src/base/mod.ts";
import { type Encodable, encode } from "../../../src/bencode/mod.ts";

/** A torrent made by hand, with its data. */
export interface TestTorrent {
  /** The torrent file. */
  readonly bytes: Bytes;
  readonly infoHash: InfoHash;
  /** The same in hexadecimal. */
  readonly id: string;
  readonly name: string;
  /** Path below the torrent's folder and content; one empty path for a single file. */
  readonly files: readonly (readonly [path: readonly string[], content: Bytes])[];
  /** All content in a row. */
  readonly payload: Bytes;
  readonly pieceLength: number;
  readonly pieceCount: number;
}

/** What to make; `change` alters the info dictionary before it is encoded. */
export interface Recipe {
  readonly name?: string;
  /** A single file's size, or the files of a folder. */
  readonly content: number | readonly (readonly [path: readonly string[], content: Bytes])[];
  readonly pieceLength?: number;
  readonly trackers?: readonly string[];
  /** Tells torrents of the same size apart. */
  readonly seed?: number;
  /** Further keys of the torrent file, outside of the info dictionary. */
  readonly beside?: Readonly<Record<string, Encodable>>;
  readonly change?: (info: Record<string, Encodable>) => Record<string, Encodable | undefined>;
}

const PIECE_LENGTH = 64 * 1024;

/** Makes a torrent without the code under test but for its encoder. */
export async function makeTorrent(recipe: Recipe): Promise<TestTorrent> {
  const { name = "sample", content, pieceLength = PIECE_LENGTH, trackers = [] } = recipe;
  const files = typeof content === "number"
    ? [[[], noise(content, recipe.seed ?? 1)] as const]
    : content;
  const payload = concat(...files.map(([, bytes]) => bytes));
  const hashes: Bytes[] = [];
  for (let at = 0; at < payload.length; at += pieceLength) {
    hashes.push(await sha1(payload.slice(at, at + pieceLength)));
  }
  const info: Record<string, Encodable> = {
    name,
    "piece length": pieceLength,
    pieces: concat(...hashes),
    ...(typeof content === "number"
      ? { length: content }
      : { files: files.map(([path, bytes]) => ({ length: bytes.length, path })) }),
  };
  const changed = recipe.change?.(info) ?? info;
  const hash = infoHash(await sha1(encode(changed)));
  return {
    bytes: encode({
      announce: trackers[0],
      "announce-list": trackers.length > 1 ? trackers.map((url) => [url]) : undefined,
      ...recipe.beside,
      info: changed,
    }),
    infoHash: hash,
    id: toHex(hash),
    name,
    files,
    payload,
    pieceLength,
    pieceCount: hashes.length,
  };
}

/** Bytes that depend on `seed` alone. */
export function noise(length: number, seed: number): Bytes {
  const random = new SeededRandom(seed);
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let i = 0; i < words.length; i++) words[i] = random.below(0x1_0000_0000);
  return new Uint8Array(words.buffer, 0, length);
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: Bytes): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
