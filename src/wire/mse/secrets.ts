/** What both sides of an encrypted handshake derive from what they know: names of it, and keys. */
import { type Bytes, concat, type InfoHash, shortSha1, utf8 } from "../../base/mod.ts";
import { Rc4 } from "./rc4.ts";

const [REQ1, REQ2, REQ3] = [utf8("req1"), utf8("req2"), utf8("req3")];
const [KEY_A, KEY_B] = [utf8("keyA"), utf8("keyB")];

/** Bytes of a digest. */
export const HASH_SIZE = 20;
/** The verification constant: eight zeros, known only to who can decrypt. */
export const VC_SIZE = 8;
/** The longest padding in each place where there is one. */
export const MOST_PADDING = 512;

/** Ways to go on, as bits (`crypto_provide`, `crypto_select`). */
export const Method = { Plain: 1, Rc4: 2 } as const;

/** What begins the caller's third message, known by the secret alone. */
export function syncMark(secret: Uint8Array): Bytes {
  return shortSha1(concat(REQ1, secret));
}

/** A torrent's name that says it to nobody who does not know the torrent. */
export function torrentMark(infoHash: Uint8Array): Bytes {
  return shortSha1(concat(REQ2, infoHash));
}

/** The torrent's name as it is sent, or, from what was sent, the torrent's name: a mask laid over it. */
export function maskTorrent(mark: Uint8Array, secret: Uint8Array): Bytes {
  const mask = shortSha1(concat(REQ3, secret));
  for (let i = 0; i < HASH_SIZE; i++) mask[i]! ^= mark[i]!;
  return mask;
}

/** The keystream of what the caller sends. */
export function callerCipher(secret: Uint8Array, infoHash: InfoHash): Rc4 {
  return new Rc4(shortSha1(concat(KEY_A, secret, infoHash)));
}

/** The keystream of what the called sends. */
export function calledCipher(secret: Uint8Array, infoHash: InfoHash): Rc4 {
  return new Rc4(shortSha1(concat(KEY_B, secret, infoHash)));
}

/** Where `mark` begins in `data`, not before `from`; −1: nowhere. */
export function find(mark: Uint8Array, data: Uint8Array, from: number): number {
  const first = mark[0]!;
  const last = data.length - mark.length;
  for (
    let at = data.indexOf(first, from);
    at >= 0 && at <= last;
    at = data.indexOf(first, at + 1)
  ) {
    let i = 1;
    while (i < mark.length && data[at + i] === mark[i]) i++;
    if (i === mark.length) return at;
  }
  return -1;
}
