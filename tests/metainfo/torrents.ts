/** Small torrents written by code. */
import { type Bytes, sha1 } from "../../src/base/mod.ts";
import { type Encodable, encode } from "../../src/bencode/mod.ts";

type Dictionary = { readonly [key: string]: Encodable | undefined };

/** An info dictionary of one file of 20,000 bytes in two pieces, with `changes`; undefined takes an entry out. */
export function singleInfo(changes: Dictionary = {}): Dictionary {
  return {
    length: 20_000,
    name: "song.mp3",
    "piece length": 16_384,
    pieces: new Uint8Array(40).fill(7),
    ...changes,
  };
}

/** One file of a folder. */
export function fileEntry(
  path: readonly Encodable[],
  length: number,
  more: Dictionary = {},
): Dictionary {
  return { length, path, ...more };
}

/** An info dictionary of a folder; there are as many pieces as its files need. */
export function folderInfo(files: readonly Dictionary[], changes: Dictionary = {}): Dictionary {
  const total = files.reduce((sum, file) => sum + Number(file["length"]), 0);
  return {
    files: files as readonly Encodable[],
    name: "album",
    "piece length": 16_384,
    pieces: new Uint8Array(Math.ceil(total / 16_384) * 20),
    ...changes,
  };
}

/** The bytes of a torrent. */
export function torrent(info: Encodable, root: Dictionary = {}): Bytes {
  return encode({ info, ...root });
}

/** SHA-1 over the encoding of an info dictionary. */
export function hashOf(info: Encodable): Promise<Bytes> {
  return sha1(encode(info));
}
